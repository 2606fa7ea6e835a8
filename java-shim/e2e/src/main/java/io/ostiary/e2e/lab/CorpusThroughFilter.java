package io.ostiary.e2e.lab;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;

/**
 * Plays the messages of a corpus as HTTP requests to the filter in a Tomcat: {@code
 * CorpusThroughFilter DIRECTORY}. Each case has an application of its own, one after the other. The
 * result goes to the standard output, a line for each case.
 */
public final class CorpusThroughFilter {

  /** The largest query of a corpus must reach the filter: it is the filter's to refuse. */
  private static final String MAX_HEAD = String.valueOf(256 * 1024);

  private final Tomcat tomcat = new Tomcat();
  private final Path pages;

  private CorpusThroughFilter(Path directory) throws IOException, LifecycleException {
    Path base = Files.createTempDirectory(directory, "tomcat");
    pages = Files.createDirectory(base.resolve("pages"));
    tomcat.setBaseDir(base.toString());
    tomcat.setPort(0);
    tomcat.getConnector().setProperty("address", "127.0.0.1");
    tomcat.getConnector().setProperty("maxHttpHeaderSize", MAX_HEAD);
    // A form that is refused by its length is read to its end, so that the answer can be read as
    // well.
    tomcat.getConnector().setProperty("maxSwallowSize", "-1");
    tomcat.start();
  }

  /** Plays every case of the plan. */
  public static void main(String[] args) throws IOException, LifecycleException {
    Path directory = Path.of(args[0]);
    CorpusThroughFilter player = new CorpusThroughFilter(directory);
    List<CorpusCase> cases = CorpusCase.read(directory);
    for (CorpusCase warmingUp : cases.subList(0, Math.min(1, cases.size()))) {
      player.play(warmingUp);
    }
    for (CorpusCase played : cases) {
      System.out.println(player.play(played));
    }
    System.exit(0);
  }

  private String play(CorpusCase played) throws LifecycleException {
    StandardContext context = new StandardContext();
    context.setName("");
    context.setPath("");
    context.setDocBase(pages.toString());
    context.addLifecycleListener(new Tomcat.FixContextListener());
    LabApplication.addFilter(context, played.config().toString());
    LabApplication.addServlet(context, "who", new WhoServlet(), "/secret/*");
    LabApplication.addDefaultServlet(context);
    tomcat.getHost().addChild(context);
    try {
      return new Browser(tomcat.getConnector().getLocalPort()).see(played).line(played);
    } catch (IOException | RuntimeException e) {
      return CorpusCase.Seen.problem(played, e);
    } finally {
      tomcat.getHost().removeChild(context);
      context.destroy();
    }
  }

  /** A browser with its cookies. */
  private static final class Browser {

    private final int port;
    private final Map<String, String> cookies = new TreeMap<>();

    /** How long the last answer took. */
    private double millis;

    Browser(int port) {
      this.port = port;
    }

    CorpusCase.Seen see(CorpusCase played) throws IOException {
      switch (played.kind()) {
        case RESPONSE:
          String relayState = played.attempt() ? start() : null;
          return seen(null, () -> post(played.message(), relayState));
        case REDIRECT_LOGOUT_RESPONSE:
          String leaving = signedInBy(played);
          get(CorpusCase.SIGN_OUT);
          return seen(leaving, () -> get(CorpusCase.SIGN_OUT + "?" + played.message()));
        default:
          String user = signedInBy(played);
          return seen(user, () -> get(CorpusCase.SIGN_OUT + "?" + played.message()));
      }
    }

    private String signedInBy(CorpusCase played) throws IOException {
      post(played.setup(), start());
      String user = user();
      if (user == null) {
        throw new IOException("nobody is signed in who could be signed out");
      }
      return user;
    }

    /** Starts a sign-in and tells the RelayState; null when none was started. */
    private String start() throws IOException {
      return CorpusCase.relayState(
          get(CorpusCase.SIGN_ON + "?" + CorpusCase.START).header("location"));
    }

    private Http.Answer post(String response, String relayState) throws IOException {
      String form = "SAMLResponse=" + encode(response);
      if (relayState != null) {
        form += "&RelayState=" + encode(relayState);
      }
      return send(
          "POST "
              + CorpusCase.SIGN_ON
              + " HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
              + form.length(),
          form);
    }

    private Http.Answer get(String target) throws IOException {
      return send("GET " + target + " HTTP/1.1\r\nAccept: text/html", "");
    }

    /** Whom a protected page sees. */
    private String user() throws IOException {
      Http.Answer page = get("/secret/page");
      return page.isSecret() ? page.fact("user") : null;
    }

    private CorpusCase.Seen seen(String before, Message message) throws IOException {
      Http.Answer answer = message.send();
      double took = millis;
      List<String> forgotten = new ArrayList<>();
      for (String cookie : answer.all("set-cookie")) {
        if (cookie.contains("Max-Age=0;")) {
          forgotten.add(cookie.substring(0, cookie.indexOf('=')));
        }
      }
      return new CorpusCase.Seen(
          answer.status(),
          CorpusCase.code(answer.body()),
          before,
          user(),
          String.join(",", forgotten),
          took);
    }

    private Http.Answer send(String head, String body) throws IOException {
      StringBuilder request = new StringBuilder(head);
      request.append("\r\nHost: localhost\r\nConnection: close\r\nCookie: ");
      cookies.forEach((name, value) -> request.append(name).append('=').append(value).append("; "));
      request.append("\r\n\r\n").append(body);
      long start = System.nanoTime();
      Http.Answer answer = Http.send(port, request.toString());
      millis = (System.nanoTime() - start) / 1e6;
      for (String cookie : answer.all("set-cookie")) {
        int equals = cookie.indexOf('=');
        cookies.put(cookie.substring(0, equals), cookie.substring(equals + 1, cookie.indexOf(';')));
      }
      return answer;
    }

    private static String encode(String value) {
      return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
  }

  /** Sends the message that is judged. */
  private interface Message {
    Http.Answer send() throws IOException;
  }
}
