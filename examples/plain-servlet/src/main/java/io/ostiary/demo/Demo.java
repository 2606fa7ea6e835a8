package io.ostiary.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.catalina.LifecycleException;

/**
 * The demo: the test identity provider on {@code http://127.0.0.1}, the application on {@code http://localhost}. The two names are two sites, as
 * they are in production, so the browser treats the answer as a cross-site POST.
 *
 * <p>{@code Demo IDP_PROGRAM [PORT [IDP_PORT [SAMESITE]]]}; port 0 takes a free one. Stops on Ctrl-C.
 */
public final class Demo implements AutoCloseable {

  private static final String CONFIG =
      """
      {
        "sp": {
          "entity_id": "http://localhost:%1$d/",
          "acs_url": "http://localhost:%1$d/plugins/servlet/saml/auth"
        },
        "idp": {"metadata_url": "%2$s"},
        "access": {"protect": true, "open": ["/", "/demo/arrivals"], "home": "/account"},
        "pages": {"product": "Demo application"},
        "development": true
      }
      """;

  private final Path directory;
  private final Process idp;
  private final Application application;
  private final int port;
  private final int idpPort;

  /**
   * Starts both; {@link #close()} stops both.
   *
   * @param idpProgram the {@code ostiary} program
   * @param port of the application, 0 for any
   * @param idpPort of the identity provider, 0 for any
   * @param sameSite SameSite of the application's session cookie, or null for the container's default
   */
  public Demo(Path idpProgram, int port, int idpPort, String sameSite) throws IOException, InterruptedException, LifecycleException {
    this.port = port == 0 ? freePort() : port;
    this.idpPort = idpPort == 0 ? freePort() : idpPort;
    directory = Files.createTempDirectory("ostiary-demo");
    idp = startIdp(idpProgram);
    Path config = directory.resolve("ostiary.json");
    Files.writeString(config, CONFIG.formatted(this.port, metadataUrl()));
    application = new Application(this.port, config, sameSite);
    application.start();
    awaitOk(url() + "plugins/servlet/saml/metadata");
  }

  /** The application's address, with a slash at the end. */
  public String url() {
    return "http://localhost:" + port + "/";
  }

  /** The identity provider's address, without a slash at the end. */
  public String idpUrl() {
    return "http://127.0.0.1:" + idpPort;
  }

  private String metadataUrl() {
    return idpUrl() + "/metadata";
  }

  private Process startIdp(Path program) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.add("idp");
    command.add("--port");
    command.add(String.valueOf(idpPort));
    command.add("--sp");
    command.add(url());
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(directory.resolve("idp.log").toFile()).start();
    try {
      awaitOk(metadataUrl());
    } catch (IOException notUp) {
      process.destroy();
      throw new IOException("the identity provider did not start: " + Files.readString(directory.resolve("idp.log")), notUp);
    }
    return process;
  }

  private static void awaitOk(String url) throws IOException, InterruptedException {
    IOException last = null;
    for (int i = 0; i < 100; i++) {
      try {
        HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
        int status = connection.getResponseCode();
        connection.disconnect();
        if (status == 200) {
          return;
        }
        last = new IOException(url + " answers " + status);
      } catch (IOException notYet) {
        last = notYet;
      }
      Thread.sleep(100);
    }
    throw last;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  static void deleteTree(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws LifecycleException {
    application.stop();
    idp.destroy();
    try {
      idp.waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    deleteTree(directory);
  }

  /** Runs the demo until Ctrl-C. */
  public static void main(String[] args) throws IOException, InterruptedException, LifecycleException {
    if (args.length < 1) {
      System.err.println("usage: Demo IDP_PROGRAM [PORT [IDP_PORT [SAMESITE]]]");
      System.exit(2);
    }
    int port = args.length > 1 ? Integer.parseInt(args[1]) : 8080;
    int idpPort = args.length > 2 ? Integer.parseInt(args[2]) : 8081;
    Demo demo = new Demo(Path.of(args[0]), port, idpPort, args.length > 3 ? args[3] : null);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> closeQuietly(demo)));
    System.out.println("Application        " + demo.url());
    System.out.println("Identity provider  " + demo.idpUrl() + "/");
    System.out.println("Users              " + String.join(", ", Users.NAMES));
    System.out.println("Press Ctrl-C to stop.");
    Thread.currentThread().join();
  }

  private static void closeQuietly(Demo demo) {
    try {
      demo.close();
    } catch (LifecycleException e) {
      System.err.println("while stopping: " + e);
    }
  }
}
