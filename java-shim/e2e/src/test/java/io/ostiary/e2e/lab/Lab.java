package io.ostiary.e2e.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/** The lab's application in a container of its own process. */
final class Lab implements AutoCloseable {

  static final String SIGN_ON = "/plugins/servlet/saml/auth";
  static final String SIGN_OUT = "/plugins/servlet/saml/logout";

  private final Path directory;
  private final Process process;
  private final BufferedReader out;
  private final int port;
  private final String contextPath;

  /**
   * Starts it and waits until it listens.
   *
   * @param contextPath empty, or with a slash in front
   * @param config the configuration for a port; null for no file
   * @param jvm options of the JVM
   */
  Lab(Container container, String contextPath, IntFunction<String> config, String... jvm)
      throws IOException {
    this.contextPath = contextPath;
    directory = Files.createTempDirectory("ostiary-lab");
    port = freePort();
    if (config != null) {
      Files.writeString(config(), config.apply(port));
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djava.io.tmpdir=" + Files.createDirectory(directory.resolve("tmp")));
    command.addAll(List.of(jvm));
    command.addAll(List.of("-cp", container.classPath(), "io.ostiary.e2e.lab.LabApplication"));
    command.addAll(
        List.of(String.valueOf(port), contextPath, config().toString(), directory.toString()));
    process = new ProcessBuilder(command).redirectError(directory.resolve("log").toFile()).start();
    out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String first = out.readLine();
    if (!"listening".equals(first)) {
      throw new IOException(container + " did not start: " + first + "\n" + log());
    }
  }

  int port() {
    return port;
  }

  /** The engine fetches the metadata by itself; until it has, it starts no sign-in. */
  void awaitArmed() throws Exception {
    for (int i = 0; i < 100; i++) {
      if (get(SIGN_ON, "Accept: text/html").status() == 303) {
        return;
      }
      Thread.sleep(300);
    }
    throw new AssertionError("the metadata was not fetched: " + log());
  }

  /** The configuration file. */
  Path config() {
    return directory.resolve("ostiary.json");
  }

  /** What the application's JVM wrote to its log. */
  String log() throws IOException {
    return Files.readString(directory.resolve("log"));
  }

  /** A request line and headers of one's own. */
  Http.Answer raw(String method, String target, String... headers) throws IOException {
    return Http.send(port, head(method, target, headers) + "\r\n");
  }

  /** A visit of a page, with the context path put in front. */
  Http.Answer get(String path, String... headers) throws IOException {
    return raw("GET", contextPath + path, headers);
  }

  /** A form, posted as it stands. */
  Http.Answer post(String path, String type, String body, String... headers) throws IOException {
    return Http.send(port, form(contextPath + path, type, body, headers));
  }

  /** The request of a form. */
  String form(String target, String type, String body, String... headers) {
    return head("POST", target, headers)
        + "Content-Type: "
        + type
        + "\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  /** A form in chunks, which does not say its length. */
  Http.Answer postInChunks(String path, String type, String body, String... headers)
      throws IOException {
    StringBuilder request = new StringBuilder(head("POST", contextPath + path, headers));
    request.append("Content-Type: ").append(type).append("\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int at = 0; at < body.length(); at += 8000) {
      String chunk = body.substring(at, Math.min(body.length(), at + 8000));
      request
          .append(Integer.toHexString(chunk.length()))
          .append("\r\n")
          .append(chunk)
          .append("\r\n");
    }
    return Http.send(port, request.append("0\r\n\r\n").toString());
  }

  private String head(String method, String target, String... headers) {
    StringBuilder request =
        new StringBuilder(
            method
                + " "
                + target
                + " HTTP/1.1\r\nHost: localhost:"
                + port
                + "\r\nConnection: close\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    return request.toString();
  }

  /** Stops the container properly and tells how many threads of the filter are left. */
  String stopAndCountThreads() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
    return out.readLine();
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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
