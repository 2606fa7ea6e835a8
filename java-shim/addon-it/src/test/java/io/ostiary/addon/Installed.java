package io.ostiary.addon;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.openqa.selenium.json.Json;

/** A stand-in host in a process of its own, the add-on that fits it, and an identity provider. */
final class Installed implements AutoCloseable {

  static final String SIGN_ON = "/plugins/servlet/saml/auth";
  static final String CONFIGURE = "/plugins/servlet/ostiary/configure";
  private static final String BOUNDARY = "ostiary-boundary";

  final String profile;
  final String product;
  final String context;
  final String site;
  final Idp idp;
  private final Process process;
  private final Path home;

  /**
   * Starts a host without WebSudo, unless told otherwise, below {@code /jira} or {@code /wiki};
   * what begins with -D is for the JVM.
   */
  Installed(String profile, String... more) throws IOException {
    this(profile, profile.startsWith("jira") ? "/jira" : "/wiki", List.of(more));
  }

  /**
   * Starts a host without WebSudo, unless told otherwise.
   *
   * @param context the context path, "" for none
   */
  Installed(String profile, String context, List<String> more) throws IOException {
    this.profile = profile;
    this.context = context;
    product = profile.substring(0, profile.indexOf('-'));
    int port = freePort();
    site = "http://localhost:" + port;
    home = Files.createTempDirectory("ostiary-home");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dostiary.development=true",
                "-Dostiary.automation=true",
                "-XX:TieredStopAtLevel=1",
                // The whole heap is there from the start, so that what else grows can be seen.
                "-Xms192m",
                "-Xmx192m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "-jar",
                System.getProperty("ostiary.standin"),
                "--profile",
                profile,
                "--home",
                home.toString(),
                "--context",
                context,
                "--port",
                String.valueOf(port),
                "--set",
                "upm.plugin.upload.enabled=true",
                "--set",
                "atlassian.upm.signature.check.disabled=true",
                "--set",
                "basic-auth=true"));
    for (String one : more) {
      command.add(one.startsWith("-D") ? 1 : command.size(), one);
    }
    if (!more.contains("websudo=true")) {
      command.addAll(List.of("--set", "websudo=false"));
    }
    process =
        new ProcessBuilder(command).redirectError(home.resolve("standin.log").toFile()).start();
    awaitReady();
    idp = new Idp(freePort(), base() + "/");
  }

  private void awaitReady() throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = lines.readLine();
    if (line == null || !line.startsWith("ready ")) {
      throw new IOException(line + "\n" + Files.readString(home.resolve("standin.log")));
    }
    Thread rest = new Thread(() -> lines.lines().forEach(ignored -> {}));
    rest.setDaemon(true);
    rest.start();
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  String base() {
    return site + context;
  }

  Browser browser() {
    return new Browser(site);
  }

  /** An administrator who sends the password with every request. */
  Browser admin() {
    return withPassword("admin");
  }

  Browser withPassword(String user) {
    return browser().with("Authorization", basic(user));
  }

  static String basic(String user) {
    String pair = user + ":sesame";
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  Path jar() {
    String flavour =
        profile.equals("jira-11") || profile.equals("confluence-10")
            ? product + "-jakarta"
            : product;
    return Path.of(
        System.getProperty("ostiary.jars"),
        flavour,
        "target",
        "ostiary-" + flavour + "-" + System.getProperty("ostiary.version") + ".jar");
  }

  /** Uploads the jar as it was built. */
  Browser.Answer install() throws IOException {
    Browser admin = admin();
    String token = admin.get(context + "/rest/plugins/1.0/").header("upm-token");
    return upload(admin, context + "/rest/plugins/1.0/?token=" + token, Map.of());
  }

  /** Posts a form with the jar as it was built, and with these fields beside it. */
  Browser.Answer upload(Browser admin, String path, Map<String, String> fields) throws IOException {
    StringBuilder body = new StringBuilder();
    fields.forEach(
        (name, value) ->
            part(body, "form-data; name=\"" + name + "\"", "text/plain; charset=utf-8", value));
    part(
        body,
        "form-data; name=\"plugin\"; filename=\"" + jar().getFileName() + "\"",
        "application/octet-stream",
        new String(Files.readAllBytes(jar()), StandardCharsets.ISO_8859_1));
    return admin.send(
        "POST",
        path,
        "multipart/form-data; boundary=" + BOUNDARY,
        body.append("--" + BOUNDARY + "--\r\n").toString(),
        false);
  }

  private static void part(StringBuilder body, String disposition, String type, String content) {
    body.append("--" + BOUNDARY + "\r\nContent-Disposition: ")
        .append(disposition)
        .append("\r\nContent-Type: ")
        .append(type)
        .append("\r\n\r\n")
        .append(content)
        .append("\r\n");
  }

  private String key() {
    return context + "/rest/plugins/1.0/io.ostiary." + product + "-key";
  }

  /** Switches the add-on off or on, as an administrator does. */
  void enable(boolean on) throws IOException {
    Browser.Answer answer =
        admin().send("PUT", key(), "application/json", "{\"enabled\":" + on + "}", false);
    if (answer.status() != 200) {
      throw new AssertionError(answer.toString());
    }
  }

  void uninstall() throws IOException {
    Browser.Answer answer = admin().send("DELETE", key(), null, null, false);
    if (answer.status() != 204) {
      throw new AssertionError(answer.toString());
    }
  }

  /** How large the native library is. */
  long libraryKilobytes() throws IOException {
    try (ZipFile jar = new ZipFile(jar().toFile())) {
      return jar.getEntry("META-INF/native/linux-x86_64/libostiary.so").getSize() / 1024;
    }
  }

  /** The memory of the host's process. */
  long residentKilobytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IOException("no VmRSS");
  }

  /** Pastes the identity provider's metadata, resolves, and saves: what an administrator does. */
  Browser.Answer configure(Map<String, String> changes) throws IOException {
    return configure(idp, changes);
  }

  /** The same with another identity provider. */
  Browser.Answer configure(Idp idp, Map<String, String> changes) throws IOException {
    Browser admin = admin();
    Map<String, String> fields = admin.get(context + CONFIGURE).fields("#ostiary-form");
    fields.put("idp_entity_id", "");
    fields.put("metadata_xml", idp.metadata());
    fields.put("action", "resolve_xml");
    fields = admin.post(context + CONFIGURE, fields).fields("#ostiary-form");
    fields.putAll(changes);
    fields.put("action", "save");
    return admin.post(context + CONFIGURE, fields);
  }

  /** Goes to the identity provider and comes back; the answer is that of the sign-on URL. */
  Browser.Answer signIn(Browser browser, String user, String target) throws IOException {
    return signIn(browser, user, target, "none");
  }

  Browser.Answer signIn(Browser browser, String user, String target, String misbehave)
      throws IOException {
    return signIn(browser, user, target, Map.of("misbehave", misbehave));
  }

  /** With any of the switches on the identity provider's login page. */
  Browser.Answer signIn(Browser browser, String user, String target, Map<String, String> switches)
      throws IOException {
    return consume(browser, response(browser, user, target, switches));
  }

  /** The form that the identity provider lets the browser post. */
  Map<String, String> response(
      Browser browser, String user, String target, Map<String, String> switches)
      throws IOException {
    Browser.Answer start = browser.get(context + SIGN_ON + target);
    if (start.location() == null) {
      throw new AssertionError("no sign-in was started: " + start);
    }
    return idp.signIn(start.location(), user, switches);
  }

  Browser.Answer consume(Browser browser, Map<String, String> form) throws IOException {
    return browser.postFromElsewhere(base() + SIGN_ON, form);
  }

  /** The configuration page as an administrator sees it. */
  Browser.Answer configurePage() throws IOException {
    return admin().get(context + CONFIGURE);
  }

  /** One button of the configuration page, with other values in some fields. */
  Browser.Answer press(String button, Map<String, String> changes) throws IOException {
    Browser admin = admin();
    return press(admin, admin.get(context + CONFIGURE), button, changes);
  }

  /** One button of a configuration page that this browser shows. */
  Browser.Answer press(
      Browser admin, Browser.Answer page, String button, Map<String, String> changes)
      throws IOException {
    Map<String, String> fields = page.fields("#ostiary-form");
    fields.putAll(changes);
    fields.put("action", button);
    return admin.post(context + CONFIGURE, fields);
  }

  /** Changes what is stored where the page has no field for it, as other nodes would. */
  void store(Consumer<JsonObject> change) throws IOException {
    JsonObject all = JsonParser.parseString(told("settings").body()).getAsJsonObject();
    JsonObject document =
        JsonParser.parseString(all.get("io.ostiary.settings").getAsString()).getAsJsonObject();
    change.accept(document);
    change("settings", Map.of("key", "io.ostiary.settings", "value", document.toString()));
    configurePage(); // it looks at once
  }

  /** The file that an administrator sends to support. */
  JsonObject supportFile() throws IOException {
    Browser.Answer file = admin().get(context + "/plugins/servlet/ostiary/support");
    if (file.status() != 200) {
      throw new AssertionError(file.toString());
    }
    return JsonParser.parseString(file.body()).getAsJsonObject();
  }

  /** What the trace of the latest visit with that outcome says. */
  String trace(String code) throws IOException {
    String found = null;
    for (JsonElement trace : supportFile().getAsJsonArray("traces")) {
      JsonElement outcome = trace.getAsJsonObject().get("code");
      if (!outcome.isJsonNull() && outcome.getAsString().equals(code)) {
        found = trace.getAsJsonObject().get("log").toString();
      }
    }
    if (found == null) {
      throw new AssertionError("no trace of " + code + " in " + supportFile());
    }
    return found;
  }

  /** What the add-on has logged at a level since {@link #forgetLog}. */
  List<String> logged(String level) throws IOException {
    List<String> lines = new ArrayList<>();
    for (JsonElement line : JsonParser.parseString(told("log").body()).getAsJsonArray()) {
      JsonObject one = line.getAsJsonObject();
      if (one.get("logger").getAsString().equals("io.ostiary")
          && one.get("level").getAsString().equals(level)) {
        lines.add(one.get("text").getAsString());
      }
    }
    return lines;
  }

  void forgetLog() throws IOException {
    browser().send("DELETE", context + "/standin/log", null, null, false);
  }

  /** Whether a session of that user is open. */
  boolean hasSession(String user) throws IOException {
    return told("sessions").body().contains(user);
  }

  /** The page that asks for a password. */
  String loginPage() {
    return context + (product.equals("jira") ? "/login.jsp" : "/login.action");
  }

  /** Where the host's own start page is. */
  String startPage() {
    return context + (product.equals("jira") ? "/secure/Dashboard.jspa" : "/dashboard.action");
  }

  /** A browser whose session was begun with the password, on the login page. */
  Browser signedIn(String user) throws IOException {
    Browser browser = browser();
    String door = product.equals("jira") ? "/login.jsp" : "/dologin.action";
    browser.post(context + door, Map.of("os_username", user, "os_password", "sesame"));
    if (!browser.has("JSESSIONID")) {
      throw new AssertionError(user + " was not signed in");
    }
    return browser;
  }

  /** Where the host keeps what is its own. */
  Path home() {
    return home;
  }

  /** What the host tells of itself. */
  Browser.Answer told(String what) throws IOException {
    return browser().get(context + "/standin/" + what);
  }

  /** What the host keeps for plug-ins under this key. */
  String stored(String key) throws IOException {
    Map<String, Object> all = new Json().toType(told("settings").body(), Json.MAP_TYPE);
    return all.get(key).toString();
  }

  void change(String what, Map<String, String> parameters) throws IOException {
    Browser.Answer answer = browser().post(context + "/standin/" + what, parameters);
    if (answer.status() != 200) {
      throw new AssertionError(answer.toString());
    }
  }

  /** Everything that the host has logged. */
  String log() throws IOException {
    return Files.readString(home.resolve("standin.log"));
  }

  @Override
  public void close() throws IOException {
    idp.close();
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (Stream<Path> all = Files.walk(home)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
