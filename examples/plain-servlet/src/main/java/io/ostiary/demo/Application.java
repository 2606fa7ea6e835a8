package io.ostiary.demo;

import io.ostiary.servlet.SsoFilter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.servlet.Filter;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.apache.tomcat.util.http.Rfc6265CookieProcessor;

/**
 * A small web application behind {@link SsoFilter}: a public start page, a protected account page and deep links.
 *
 * <p>{@code Application PORT CONFIG [SAMESITE]} runs it on embedded Tomcat until the process ends. {@code SAMESITE} is the SameSite attribute of
 * the container's session cookie.
 */
public final class Application {

  static final String SIGN_ON_PATH = "/plugins/servlet/saml/auth";
  static final String SIGN_OUT_PATH = "/plugins/servlet/saml/logout";

  private final Tomcat tomcat = new Tomcat();
  private final Context context;
  private final Path work;

  /**
   * Builds the application; {@link #start()} opens its port.
   *
   * @param port the port on 127.0.0.1
   * @param config the filter's configuration file
   * @param sameSite SameSite of the session cookie, or null for the container's default
   */
  public Application(int port, Path config, String sameSite) throws IOException {
    Logger.getLogger("org.apache").setLevel(Level.WARNING);
    work = Files.createTempDirectory("ostiary-demo");
    tomcat.setBaseDir(work.toString());
    tomcat.setPort(port);
    tomcat.getConnector().setProperty("address", "127.0.0.1");
    context = tomcat.addContext("", Files.createDirectories(work.resolve("webapp")).toString());
    if (sameSite != null) {
      Rfc6265CookieProcessor cookies = new Rfc6265CookieProcessor();
      cookies.setSameSiteCookies(sameSite);
      context.setCookieProcessor(cookies);
    }
    ArrivalRecorder recorder = new ArrivalRecorder();
    addFilter("recorder", recorder, SIGN_ON_PATH);
    addFilter("ostiary", new SsoFilter(config.toFile()), "/*");
    addServlet("start", new StartServlet(), "");
    addServlet("account", new AccountServlet(), "/account", "/browse/*");
    addServlet("arrivals", new ArrivalsServlet(recorder), "/demo/arrivals");
    // Without a default servlet the container answers unknown paths before any filter runs.
    Tomcat.addServlet(context, "default", "org.apache.catalina.servlets.DefaultServlet").addMapping("/");
  }

  /** Adds a filter for all dispatch types that can show a page. */
  public void addFilter(String name, Filter filter, String pattern) {
    FilterDef definition = new FilterDef();
    definition.setFilterName(name);
    definition.setFilter(filter);
    definition.setAsyncSupported("true");
    context.addFilterDef(definition);
    FilterMap map = new FilterMap();
    map.setFilterName(name);
    map.addURLPattern(pattern);
    map.setDispatcher("REQUEST");
    map.setDispatcher("FORWARD");
    map.setDispatcher("ASYNC");
    context.addFilterMap(map);
  }

  /** Adds a servlet under some patterns. */
  public void addServlet(String name, HttpServlet servlet, String... patterns) {
    Wrapper wrapper = Tomcat.addServlet(context, name, servlet);
    wrapper.setAsyncSupported(true);
    for (String pattern : patterns) {
      wrapper.addMapping(pattern);
    }
  }

  /** Opens the port. */
  public void start() throws LifecycleException {
    tomcat.start();
    if (!context.getState().isAvailable()) {
      throw new LifecycleException("the application did not start");
    }
  }

  /** Waits until the process ends. */
  public void await() {
    tomcat.getServer().await();
  }

  /** Stops the application and removes its working files. */
  public void stop() throws LifecycleException {
    tomcat.stop();
    tomcat.destroy();
    Demo.deleteTree(work);
  }

  static void send(HttpServletResponse response, String html) throws IOException {
    response.setContentType("text/html;charset=UTF-8");
    response.setHeader("Cache-Control", "no-store");
    response.getOutputStream().write(html.getBytes(StandardCharsets.UTF_8));
  }

  /** Runs the application alone. */
  public static void main(String[] args) throws IOException, LifecycleException {
    if (args.length < 2) {
      System.err.println("usage: Application PORT CONFIG [SAMESITE]");
      System.exit(2);
    }
    Application application = new Application(Integer.parseInt(args[0]), Path.of(args[1]), args.length > 2 ? args[2] : null);
    application.start();
    System.out.println("listening on http://localhost:" + args[0] + "/");
    application.await();
  }

  /** Tells what the recorder wrote down, one arrival a line. */
  private static final class ArrivalsServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private final transient ArrivalRecorder recorder;

    ArrivalsServlet(ArrivalRecorder recorder) {
      this.recorder = recorder;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
      response.setContentType("text/plain;charset=UTF-8");
      for (String arrival : recorder.arrivals()) {
        response.getOutputStream().write((arrival + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
  }
}
