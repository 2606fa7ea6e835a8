package io.ostiary.e2e.lab;

import io.ostiary.bridge.InMemoryOneTimeStore;
import io.ostiary.bridge.UserDirectory;
import io.ostiary.servlet.SsoFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.servlet.ServletContextEvent;
import javax.servlet.ServletContextListener;
import javax.servlet.http.HttpServlet;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;

/**
 * An application with pages that a test can ask questions of: {@code LabApplication PORT
 * CONTEXT_PATH CONFIG DIRECTORY}.
 *
 * <p>Everything below {@code /public/} is meant to be open, everything else protected. The filter
 * is set up as by a web.xml: by class name and init-param. A line {@code stop} on the standard
 * input stops the container properly.
 */
public final class LabApplication {

  private LabApplication() {}

  /** Runs until it is told to stop. */
  public static void main(String[] args) throws IOException, LifecycleException {
    Path directory = Path.of(args[3]);
    Path pages = Files.createDirectories(directory.resolve("webapp"));
    Files.writeString(pages.resolve("static.html"), "THE SECRET BODY of a file");
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(directory.toString());
    tomcat.setPort(Integer.parseInt(args[0]));
    tomcat.getConnector().setProperty("address", "127.0.0.1");
    Context context = tomcat.addContext(args[1], pages.toString());
    context.addApplicationListener(OwnParts.class.getName());
    addFilter(context, args[2]);
    addServlet(context, "who", new WhoServlet(), "/secret/*", "/public/who");
    addServlet(
        context,
        "dispatch",
        new DispatchServlet(),
        "/public/forward",
        "/public/async",
        "/public/include");
    addServlet(context, "session", new SessionServlet(), "/public/session");
    addServlet(context, "leave", new LeaveServlet(), "/public/leave");
    addServlet(context, "fail", new FailServlet(), "/public/fail");
    addDefaultServlet(context);
    tomcat.start();
    System.out.println(context.getState().isAvailable() ? "listening" : "failed");
    awaitStop();
    tomcat.stop();
    tomcat.destroy();
    System.out.println("threads=" + threadsOfTheFilter());
    System.exit(0);
  }

  static void addFilter(Context context, String config) {
    FilterDef definition = new FilterDef();
    definition.setFilterName("ostiary");
    definition.setFilterClass(SsoFilter.class.getName());
    definition.addInitParameter(SsoFilter.CONFIG, config);
    definition.setAsyncSupported("true");
    context.addFilterDef(definition);
    FilterMap map = new FilterMap();
    map.setFilterName("ostiary");
    map.addURLPattern("/*");
    map.setDispatcher("REQUEST");
    map.setDispatcher("FORWARD");
    map.setDispatcher("ASYNC");
    context.addFilterMap(map);
  }

  static void addServlet(Context context, String name, HttpServlet servlet, String... patterns) {
    Wrapper wrapper = Tomcat.addServlet(context, name, servlet);
    wrapper.setAsyncSupported(true);
    for (String pattern : patterns) {
      wrapper.addMapping(pattern);
    }
  }

  /** Without one Tomcat asks no filter about paths that no servlet has. */
  static void addDefaultServlet(Context context) {
    Tomcat.addServlet(context, "default", "org.apache.catalina.servlets.DefaultServlet")
        .addMapping("/");
  }

  private static void awaitStop() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = System.in.read(); c >= 0 && c != '\n'; c = System.in.read()) {
      line.append((char) c);
    }
  }

  private static long threadsOfTheFilter() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("ostiary-"))
        .count();
  }

  /** Gives the filter users and a one-time store, as an application does that has its own. */
  public static final class OwnParts implements ServletContextListener {

    @Override
    public void contextInitialized(ServletContextEvent event) {
      event.getServletContext().setAttribute(SsoFilter.USER_DIRECTORY, new Directory());
      event.getServletContext().setAttribute(SsoFilter.ONE_TIME_STORE, new InMemoryOneTimeStore());
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {}
  }

  private static final class Directory implements UserDirectory {

    @Override
    public Answer find(String user) {
      if (user.startsWith("i.inactive@")) {
        return Answer.inactive();
      }
      return user.startsWith("b.simon@") ? Answer.found("simon") : Answer.found(user);
    }
  }
}
