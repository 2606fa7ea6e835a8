package io.ostiary.e2e.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

  /** Whom the protected page sees. */
  private static String user(Http.Answer page) {
    return page.isSecret() ? page.fact("user") : null;
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
      int port = tomcat.getConnector().getLocalPort();
      return new CorpusBrowser(port, "/secret/page", CorpusThroughFilter::user)
          .see(played)
          .line(played);
    } catch (IOException | RuntimeException e) {
      return CorpusCase.Seen.problem(played, e);
    } finally {
      tomcat.getHost().removeChild(context);
      context.destroy();
    }
  }
}
