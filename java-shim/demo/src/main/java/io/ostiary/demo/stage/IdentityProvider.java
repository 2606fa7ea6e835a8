package io.ostiary.demo.stage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The test identity provider as a process: {@code ostiary idp}. */
final class IdentityProvider implements AutoCloseable {
  private final Process process;
  private final int port;
  private final Path log;

  /**
   * Starts it and waits until it answers.
   *
   * @param program the {@code ostiary} program
   * @param port on 127.0.0.1
   * @param applications the base URLs of the applications that it serves
   * @param log where its output goes
   */
  IdentityProvider(Path program, int port, List<String> applications, Path log)
      throws IOException, InterruptedException {
    this.port = port;
    this.log = log;
    List<String> command =
        new ArrayList<>(
            List.of(program.toString(), "idp", "--port", String.valueOf(port), "--remember"));
    for (String application : applications) {
      command.addAll(List.of("--sp", application));
    }
    process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      Waiting.forAnswer(metadataUrl(), process::isAlive);
    } catch (IOException notUp) {
      close();
      throw new IOException("the identity provider did not start: " + Files.readString(log), notUp);
    }
  }

  String url() {
    return "http://127.0.0.1:" + port + "/";
  }

  String metadataUrl() {
    return url() + "metadata";
  }

  /** Who can sign in, one a line, as the provider told when it started. */
  List<String> users() {
    try (Stream<String> lines = Files.lines(log)) {
      return lines
          .filter(line -> line.startsWith("User "))
          .map(line -> line.substring("User ".length()).strip())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    end(process);
  }

  static void end(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
