package io.ostiary.demo.stage;

import io.ostiary.demo.Application;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.catalina.LifecycleException;

/**
 * The demo: the test identity provider on {@code http://127.0.0.1}, a host that resembles Jira and
 * one that resembles Confluence, each with the add-on that an administrator has uploaded and
 * configured, and an application of one's own on {@code http://localhost}. The names are sites of
 * their own, as they are in production, so the browser treats the identity provider's answer as a
 * cross-site POST.
 *
 * <p>{@code Demo IDP_PROGRAM STAND_IN_JAR JIRA_JAR CONFLUENCE_JAR} runs until Ctrl-C.
 */
public final class Demo implements AutoCloseable {
  private static final int USUAL_PORT = 8080;
  private static final int USUAL_IDP_PORT = 8081;
  private static final int USUAL_JIRA_PORT = 8082;
  private static final int USUAL_WIKI_PORT = 8083;
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
  private final Parts parts;
  private final Names names;
  private final String sameSite;
  private IdentityProvider idp;
  private Application application;
  private PluginHost jira;
  private PluginHost wiki;

  /** Host names of Jira and Confluence, which browsers take for this machine. */
  public record Names(String jira, String wiki) {
    public static final Names OF_THEIR_OWN = new Names("jira.localhost", "wiki.localhost");
  }

  /**
   * @param sameSite SameSite of the applications' session cookies
   */
  public Demo(Parts parts, Names names, String sameSite) throws IOException {
    this.parts = parts;
    this.names = names;
    this.sameSite = sameSite;
  }

  /** Starts everything, on the usual ports if they are free; {@link #close()} stops it. */
  public void start() throws IOException, InterruptedException, LifecycleException {
    jira = host("jira-10", names.jira(), USUAL_JIRA_PORT, "/jira");
    wiki = host("confluence-9", names.wiki(), USUAL_WIKI_PORT, "/wiki");
    int port = freePort(USUAL_PORT);
    String url = "http://localhost:" + port + "/";
    idp =
        new IdentityProvider(
            parts.idp(),
            freePort(USUAL_IDP_PORT),
            List.of(url, jira.url() + "/", wiki.url() + "/"),
            directory.resolve("idp.log"));
    Path config = directory.resolve("ostiary.json");
    Files.writeString(config, CONFIG.formatted(url, idp.metadataUrl()));
    application = new Application(port, config, idp.url(), sameSite);
    application.start();
    furnish(jira, parts.jira());
    furnish(wiki, parts.confluence());
    // The filter fetches the identity provider's metadata beside; sign-in works from then on.
    Waiting.forAnswer(url + "plugins/servlet/saml/health", () -> true);
  }

  private PluginHost host(String profile, String name, int usualPort, String context)
      throws IOException {
    return new PluginHost(
        parts.standIn(),
        profile,
        name,
        freePort(usualPort),
        context,
        sameSite,
        Files.createDirectory(directory.resolve(profile)));
  }

  private void furnish(PluginHost host, Path addOn) throws IOException, InterruptedException {
    host.awaitReady();
    Administrator administrator = new Administrator(host.loopback());
    administrator.signIn();
    administrator.configure(administrator.install(addOn), idp.metadataUrl());
  }

  /** The application's address, with a slash at the end. */
  public String url() {
    return application.url();
  }

  /** The identity provider's address, with a slash at the end. */
  public String idpUrl() {
    return idp.url();
  }

  /** The host that resembles Jira. */
  public PluginHost jira() {
    return jira;
  }

  /** The host that resembles Confluence. */
  public PluginHost wiki() {
    return wiki;
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

  private static void deleteTree(Path root) {
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
      for (PluginHost host : new PluginHost[] {jira, wiki}) {
        if (host != null) {
          host.close();
        }
      }
      if (idp != null) {
        idp.close();
      }
      deleteTree(directory);
    }
  }

  /** Runs the demo until Ctrl-C. */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length != 4) {
      System.err.println("usage: Demo IDP_PROGRAM STAND_IN_JAR JIRA_JAR CONFLUENCE_JAR");
      System.exit(2);
    }
    System.setProperty("java.util.logging.SimpleFormatter.format", "%1$tT %4$-7s %5$s%6$s%n");
    Parts parts = new Parts(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]), Path.of(args[3]));
    Demo demo = new Demo(parts, Names.OF_THEIR_OWN, "Lax");
    Runtime.getRuntime().addShutdownHook(new Thread(demo::closeAtExit));
    System.out.println("   Two hosts start, and their administrator installs the add-ons …");
    try {
      demo.start();
    } catch (IOException | LifecycleException e) {
      System.err.println("the demo did not start: " + e.getMessage());
      System.exit(1);
    }
    demo.tell();
    Thread.currentThread().join();
  }

  private void tell() {
    System.out.printf(
        """

           Like Jira          %s
           Like Confluence    %s
           Application        %s
           Identity provider  %s  (My Apps, switch user, sign-out, keys)

           Users              %s
           Administrator      %s, password %s, Manage apps at %s
           Sign in to one, and the others ask nothing. Ctrl-C stops all.

        """,
        jira.url() + "/",
        wiki.url() + "/",
        url(),
        idpUrl(),
        String.join("\n                      ", idp.users()),
        Administrator.NAME,
        Administrator.PASSWORD,
        Administrator.MANAGE_APPS);
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
