package io.ostiary.demo.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A stand-in host as a process of its own, into which an administrator puts the add-on. */
public final class PluginHost implements AutoCloseable {
  private final Process process;
  private final String loopback;
  private final String url;
  private final Path log;

  /**
   * Starts it; {@link #awaitReady()} waits until it answers.
   *
   * @param standIn the jar of the stand-in host
   * @param profile whom it plays
   * @param name the host's name, one that browsers take for this machine
   * @param port on 127.0.0.1
   * @param context the context path
   * @param sameSite SameSite of its own cookies
   * @param home an empty directory
   */
  PluginHost(
      Path standIn,
      String profile,
      String name,
      int port,
      String context,
      String sameSite,
      Path home)
      throws IOException {
    // Browsers take every name below localhost for this machine; Java's resolver may not.
    loopback = "http://127.0.0.1:" + port + context;
    url = "http://" + name + ":" + port + context;
    log = home.resolve("host.log");
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + Files.createDirectories(home.resolve("tmp")),
                "-Dostiary.development=true",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx192m",
                "-jar",
                standIn.toString(),
                "--profile",
                profile,
                "--home",
                home.toString(),
                "--port",
                String.valueOf(port),
                "--context",
                context,
                "--base-url",
                url,
                "--same-site",
                sameSite,
                "--set",
                "upm.plugin.upload.enabled=true")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
  }

  void awaitReady() throws IOException, InterruptedException {
    try {
      Waiting.forAnswer(loopback + "/standin/about", process::isAlive);
    } catch (IOException notUp) {
      throw new IOException("the host " + url + " did not start: " + Files.readString(log), notUp);
    }
  }

  /** The base URL that its administrator has typed, without a slash at the end. */
  public String url() {
    return url;
  }

  /** The same place under the address that every program reaches. */
  public String loopback() {
    return loopback;
  }

  @Override
  public void close() {
    IdentityProvider.end(process);
  }
}
