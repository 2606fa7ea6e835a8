package io.ostiary.e2e.lab;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.ostiary.standin.StandIn;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Plays the messages of a corpus as HTTP requests to an add-on, installed as it ships in a stand-in
 * host: {@code CorpusThroughAddon PROFILE JAR DIRECTORY}. Each case finds other settings in the
 * host's store. The result goes to the standard output, a line for each case.
 */
public final class CorpusThroughAddon {

  private static final String UPLOAD = "/rest/plugins/1.0/";
  private static final String CONFIGURE = "/plugins/servlet/ostiary/configure";
  private static final String BOUNDARY = "ostiary-boundary";

  private final String profile;
  private final int port;
  private final CorpusBrowser admin;

  private CorpusThroughAddon(String profile, String url) {
    this.profile = profile;
    this.port = URI.create(url).getPort();
    String password = "admin:sesame";
    this.admin =
        browser()
            .with(
                "Authorization: Basic "
                    + Base64.getEncoder()
                        .encodeToString(password.getBytes(StandardCharsets.US_ASCII)));
  }

  /** Plays every case of the plan. */
  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args[2]);
    Path home = Files.createTempDirectory(directory, args[0]);
    try (StandIn host = start(args[0], home)) {
      CorpusThroughAddon player = new CorpusThroughAddon(args[0], host.url());
      player.install(Path.of(args[1]), home);
      List<CorpusCase> cases = CorpusCase.read(directory);
      for (CorpusCase warmingUp : cases.subList(0, Math.min(1, cases.size()))) {
        player.play(warmingUp);
      }
      for (CorpusCase played : cases) {
        System.out.println(player.play(played));
      }
      player.standIn("violations", "[]");
    }
    System.exit(0);
  }

  private static StandIn start(String profile, Path home) {
    return StandIn.start(
        "--profile",
        profile,
        "--home",
        home.toString(),
        "--set",
        "upm.plugin.upload.enabled=true",
        "--set",
        "atlassian.upm.signature.check.disabled=true",
        "--set",
        "websudo=false",
        "--set",
        "basic-auth=true",
        // Whoever a message is about: what is judged is the message.
        "--set",
        "everybody=true",
        // The largest message of a corpus must reach the add-on: it is the add-on's to refuse.
        "--set",
        "connector.maxHttpHeaderSize=" + 256 * 1024,
        "--set",
        "connector.maxSwallowSize=-1");
  }

  /** Uploads the jar, and makes sure that it is what the host took. */
  private void install(Path jar, Path home) throws IOException {
    String token = admin.get(UPLOAD).header("upm-token");
    Http.Answer answer =
        admin.send(
            "POST " + UPLOAD + "?token=" + token,
            "multipart/form-data; boundary=" + BOUNDARY,
            "--"
                + BOUNDARY
                + "\r\nContent-Disposition: form-data; name=\"plugin\"; filename=\"addon.jar\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n"
                + new String(Files.readAllBytes(jar), StandardCharsets.ISO_8859_1)
                + "\r\n--"
                + BOUNDARY
                + "--\r\n");
    if (answer.status() != 202) {
      throw new IOException("not installed: " + answer);
    }
    try (Stream<Path> files = Files.walk(home)) {
      List<Path> installed = files.filter(file -> file.endsWith("bundle.jar")).toList();
      if (installed.size() != 1 || Files.mismatch(installed.get(0), jar) != -1) {
        throw new IOException(installed + " is not " + jar);
      }
    }
  }

  private String play(CorpusCase played) {
    try {
      configure(played);
      return browser().see(played).line(played);
    } catch (IOException | RuntimeException e) {
      return CorpusCase.Seen.problem(played, e);
    }
  }

  /** Puts the settings where the add-on keeps them; a visit of an administrator makes it look. */
  private void configure(CorpusCase played) throws IOException {
    JsonObject settings =
        JsonParser.parseString(Files.readString(played.config())).getAsJsonObject();
    JsonElement keys = settings.remove("keys");
    JsonObject addon = new JsonObject();
    addon.addProperty("application_proxy", true); // the case's own URLs, not the host's
    settings.add("addon", addon);
    settings.getAsJsonObject("test").addProperty("forget_used", true);
    store("io.ostiary.keys", keys);
    store("io.ostiary.settings", settings);
    Http.Answer page = admin.get(CONFIGURE);
    if (page.status() != 200) {
      throw new IOException("no configuration page: " + page);
    }
  }

  private void store(String key, JsonElement value) throws IOException {
    admin.post("/standin/settings", Map.of("key", key, "value", value.toString()));
  }

  /** Asks the stand-in what it has seen. */
  private void standIn(String what, String expected) throws IOException {
    String told = admin.get("/standin/" + what).body();
    if (!told.equals(expected)) {
      throw new IOException(what + ": " + told);
    }
  }

  private CorpusBrowser browser() {
    String page = profile.startsWith("jira") ? "/rest/api/2/myself" : "/rest/api/user/current";
    return new CorpusBrowser(port, page, CorpusThroughAddon::user);
  }

  private static String user(Http.Answer myself) {
    return myself.status() == 200
        ? JsonParser.parseString(myself.body()).getAsJsonObject().get("name").getAsString()
        : null;
  }
}
