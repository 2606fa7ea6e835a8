package io.ostiary.e2e.lab;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** The test identity provider, {@code ostiary idp}, in a process of its own. */
final class TestIdp implements AutoCloseable {

  private static final String TENANT = "/aaaabbbb-0000-cccc-1111-dddd2222eeee";

  private final Process process;
  private final Path log;
  private final int port;

  /** Starts it for the service provider at that base URL, which ends in a slash. */
  TestIdp(int port, String serviceProvider) throws IOException {
    this.port = port;
    log = Files.createTempFile("ostiary-idp", ".log");
    process =
        new ProcessBuilder(
                System.getProperty("ostiary.idp"),
                "idp",
                "--port",
                String.valueOf(port),
                "--sp",
                serviceProvider)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    for (int i = 0; i < 100; i++) {
      try {
        get(metadataUrl(port));
        return;
      } catch (IOException notYet) {
        pause();
      }
    }
    throw new IOException("the identity provider did not start: " + Files.readString(log));
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static String metadataUrl(int port) {
    return "http://127.0.0.1:"
        + port
        + TENANT
        + "/federationmetadata/2007-06/federationmetadata.xml";
  }

  Http.Answer get(String url) throws IOException {
    URI uri = URI.create(url);
    return Http.send(
        port, "GET " + target(uri) + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
  }

  Http.Answer post(String path, String body) throws IOException {
    return Http.send(
        port,
        "POST "
            + path
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  /**
   * Begins a sign-out of all applications: the URL at the application to which the browser is sent.
   */
  String logoutUrl(String user) throws IOException {
    return post(TENANT + "/logout", "user=" + user).header("location");
  }

  private static String target(URI uri) {
    return uri.getRawQuery() == null
        ? uri.getRawPath()
        : uri.getRawPath() + "?" + uri.getRawQuery();
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    Files.deleteIfExists(log);
  }
}
