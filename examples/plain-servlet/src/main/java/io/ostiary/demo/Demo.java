package io.ostiary.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.catalina.LifecycleException;

/**
 * The demo: the test identity provider on {@code http://127.0.0.1}, the application on {@code
 * http://localhost}. The two names are two sites, as they are in production, so the browser treats
 * the identity provider's answer as a cross-site POST.
 *
 * <p>{@code Demo IDP_PROGRAM} runs until Ctrl-C.
 */
public final class Demo implements AutoCloseable {
  private static final int USUAL_PORT = 8080;
  private static final int USUAL_IDP_PORT = 8081;
  private static final String CONFIG =
      """
      {
        "sp": {
          "entity_id": "%1$s",
          "acs_url": "%1$splugins/servlet/saml/auth"
        },
        "idp": {"metadata_url": "%2$s"},
        "access": {"open": ["/", "/favicon.ico", "/demo/arrivals"], "home": "/account"},
        "pages": {"product": "Demo application"},
        "development": true
      }
      """;

  private final Path directory = Files.createTempDirectory("ostiary-demo");
  private IdentityProvider idp;
  private Application application;

  /**
   * Starts both, on the usual ports if they are free; {@link #close()} stops both.
   *
   * @param idpProgram the {@code ostiary} program
   * @param sameSite SameSite of the application's session cookie
   */
  public Demo(Path idpProgram, String sameSite)
      throws IOException, InterruptedException, LifecycleException {
    try {
      start(idpProgram, sameSite);
    } catch (IOException | InterruptedException | LifecycleException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void start(Path idpProgram, String sameSite)
      throws IOException, InterruptedException, LifecycleException {
    int port = freePort(USUAL_PORT);
    String url = "http://localhost:" + port + "/";
    idp =
        new IdentityProvider(
            idpProgram, freePort(USUAL_IDP_PORT), url, directory.resolve("idp.log"));
    Path config = directory.resolve("ostiary.json");
    Files.writeString(config, CONFIG.formatted(url, idp.metadataUrl()));
    application = new Application(port, config, idp.url(), sameSite);
    application.start();
    // The filter fetches the identity provider's metadata beside; sign-in works from then on.
    Waiting.forAnswer(url + "plugins/servlet/saml/health", () -> true);
  }

  /** The application's address, with a slash at the end. */
  public String url() {
    return application.url();
  }

  /** The identity provider's address, with a slash at the end. */
  public String idpUrl() {
    return idp.url();
  }

  private static int freePort(int usual) throws IOException {
    try (ServerSocket socket = new ServerSocket(usual, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException taken) {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      }
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
    try {
      if (application != null) {
        application.stop();
      }
    } finally {
      if (idp != null) {
        idp.close();
      }
      deleteTree(directory);
    }
  }

  /** Runs the demo until Ctrl-C. */
  public static void main(String[] args)
      throws IOException, InterruptedException, LifecycleException {
    if (args.length != 1) {
      System.err.println("usage: Demo IDP_PROGRAM");
      System.exit(2);
    }
    System.setProperty("java.util.logging.SimpleFormatter.format", "%1$tT %4$-7s %5$s%6$s%n");
    Demo demo = new Demo(Path.of(args[0]), "Lax");
    Runtime.getRuntime().addShutdownHook(new Thread(demo::closeAtExit));
    System.out.println();
    System.out.println("   Open               " + demo.url());
    System.out.println("   Identity provider  " + demo.idpUrl() + "  (My Apps, sign-out, keys)");
    System.out.println(
        "   Users              " + String.join("\n                      ", demo.idp.users()));
    System.out.println("   Ctrl-C stops both.");
    System.out.println();
    Thread.currentThread().join();
  }

  private void closeAtExit() {
    try {
      close();
      System.out.println("   stopped");
    } catch (LifecycleException e) {
      System.err.println("while stopping: " + e);
    }
  }
}
