package io.ostiary.e2e.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openqa.selenium.json.Json;

/** The example application behind the filter, in a container of its own process. */
final class Site implements AutoCloseable {

  static final String SIGN_ON = "plugins/servlet/saml/auth";
  static final String LOGOUT = "plugins/servlet/saml/logout";
  private static final String METADATA = "plugins/servlet/saml/metadata";
  private static final String HEALTH = "plugins/servlet/saml/health";
  private static final String CONFIG =
      """
      {
        "sp": {
          "entity_id": "%1$s",
          "acs_url": "%1$splugins/servlet/saml/auth"
        },
        "idp": {"metadata_url": "%2$s"},
        "request": {"sign": true, "name_id_format": "emailAddress"},
        "access": {"open": ["/", "/favicon.ico"], "home": "/account"},
        "pages": {"product": "Demo application"},
        "development": true
      }
      """;

  private final Flavour flavour;
  private final Path directory = Files.createTempDirectory("ostiary-interop");
  private final int port = freePort();
  private Process process;

  /**
   * Starts it and waits until users can sign in.
   *
   * @param idpMetadata the URL of the identity provider's metadata
   */
  Site(Flavour flavour, String idpMetadata) throws IOException, InterruptedException {
    this.flavour = flavour;
    Files.writeString(config(), CONFIG.formatted(url(), idpMetadata));
    try {
      start();
    } catch (IOException | InterruptedException e) {
      close();
      throw e;
    }
  }

  private void start() throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djava.io.tmpdir=" + directory,
            "-cp",
            flavour.classPath(),
            "io.ostiary.demo.Application",
            String.valueOf(port),
            config().toString());
    process =
        builder
            .redirectError(ProcessBuilder.Redirect.appendTo(directory.resolve("log").toFile()))
            .start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String first = out.readLine();
    if (first == null || !first.startsWith("listening")) {
      throw new IOException(flavour + " did not start: " + first + "\n" + log());
    }
    awaitHealth();
  }

  /** The filter fetches the identity provider's metadata beside; sign-in works from then on. */
  private void awaitHealth() throws IOException, InterruptedException {
    for (int i = 0; i < 300 && process.isAlive(); i++) {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(url() + HEALTH).toURL().openConnection();
      if (connection.getResponseCode() == 200) {
        return;
      }
      Thread.sleep(100);
    }
    throw new IOException("the metadata was not fetched: " + log());
  }

  /**
   * Stops it and starts it again as if the metadata had last been fetched long ago, so that it is
   * fetched at once.
   */
  void restartWithRefreshDue() throws IOException, InterruptedException {
    stop();
    Map<String, Object> config = new Json().toType(Files.readString(config()), Json.MAP_TYPE);
    config.put("refresh", Map.of("hours", 6, "last_refresh_ms", 0));
    Files.writeString(config(), new Json().toJson(config));
    start();
  }

  /** The address, with a slash at the end; it is the entity ID as well. */
  String url() {
    return "http://localhost:" + port + "/";
  }

  String signOnUrl() {
    return url() + SIGN_ON;
  }

  /** Our metadata, as an administrator would download them. */
  String metadata() throws IOException {
    try (var body = URI.create(url() + METADATA).toURL().openStream()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** What its process wrote to its log so far. */
  String log() throws IOException {
    return Files.readString(directory.resolve("log"));
  }

  /** How many lines of the log say that. */
  long logged(String text) throws IOException {
    return log().lines().filter(line -> line.contains(text)).count();
  }

  /** Waits until so many lines of the log say that. */
  void awaitLogged(String text, int times) throws IOException, InterruptedException {
    for (int i = 0; i < 200; i++) {
      if (logged(text) >= times) {
        return;
      }
      Thread.sleep(100);
    }
    throw new IOException("not " + times + " times in the log: " + text + "\n" + log());
  }

  long processId() {
    return process.pid();
  }

  private Path config() {
    return directory.resolve("ostiary.json");
  }

  private void stop() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    if (process != null) {
      stop();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
