package io.ostiary.demo;

import io.ostiary.bridge.UserDirectory;
import io.ostiary.servlet.SsoFilter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.http.Rfc6265CookieProcessor;

/**
 * A small web application on embedded Tomcat: a public start page, a protected account page and
 * deep links. {@link SingleSignOn} puts it behind the filter; nothing else here knows of sign-in.
 *
 * <p>{@code Application PORT CONFIG} runs it until the process ends.
 */
public final class Application {
  static final String SIGN_ON_PATH = "/plugins/servlet/saml/auth";
  static final String SIGN_OUT_PATH = "/plugins/servlet/saml/logout";

  private final Tomcat tomcat = new Tomcat();
  private final Context context;
  private final Path work;
  private final int port;

  /**
   * Builds the application; {@link #start()} opens its port.
   *
   * @param port the port on 127.0.0.1
   * @param config the filter's configuration file
   * @param portal the identity provider's start page, for a link
   * @param sameSite SameSite of the session cookie
   */
  public Application(int port, Path config, String portal, String sameSite) throws IOException {
    Logger.getLogger("org.apache").setLevel(Level.WARNING);
    this.port = port;
    work = Files.createTempDirectory("ostiary-demo-tomcat");
    tomcat.setBaseDir(work.toString());
    tomcat.setPort(port);
    tomcat.getConnector().setProperty("address", "127.0.0.1");
    context = tomcat.addContext("", Files.createDirectories(work.resolve("webapp")).toString());
    context.addParameter("ostiary.config", config.toString());
    context.addApplicationListener(SingleSignOn.class.getName());
    context
        .getServletContext()
        .setAttribute(SsoFilter.USER_DIRECTORY, (UserDirectory) Application::find);
    Rfc6265CookieProcessor cookies = new Rfc6265CookieProcessor();
    cookies.setSameSiteCookies(sameSite);
    context.setCookieProcessor(cookies);
    ArrivalRecorder recorder = new ArrivalRecorder();
    context.getPipeline().addValve(recorder);
    addServlet("start", new StartServlet(portal), "");
    addServlet("account", new AccountServlet(), "/account", "/browse/*");
    addServlet("arrivals", new ArrivalsServlet(recorder), "/demo/arrivals");
    // Without a default servlet the container answers unknown paths before any filter runs.
    Tomcat.addServlet(context, "default", "org.apache.catalina.servlets.DefaultServlet")
        .addMapping("/");
  }

  /** The address, with a slash at the end. */
  public String url() {
    return "http://localhost:" + port + "/";
  }

  /** The users of this application: whoever the identity provider signs in, except one who left. */
  private static UserDirectory.Answer find(String user) {
    return user.startsWith("i.inactive@")
        ? UserDirectory.Answer.inactive()
        : UserDirectory.Answer.found(user);
  }

  private void addServlet(String name, HttpServlet servlet, String... patterns) {
    Wrapper wrapper = Tomcat.addServlet(context, name, servlet);
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
    try (Stream<Path> files = Files.walk(work)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void send(HttpServletResponse response, String html) throws IOException {
    response.setContentType("text/html;charset=UTF-8");
    response.setHeader("Cache-Control", "no-store");
    response.getOutputStream().write(html.getBytes(StandardCharsets.UTF_8));
  }

  /** Runs the application alone. */
  public static void main(String[] args) throws IOException, LifecycleException {
    if (args.length != 2) {
      System.err.println("usage: Application PORT CONFIG");
      System.exit(2);
    }
    Application application =
        new Application(
            Integer.parseInt(args[0]), Path.of(args[1]), "https://myapps.microsoft.com/", "Lax");
    application.start();
    System.out.println("listening on " + application.url());
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
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.setContentType("text/plain;charset=UTF-8");
      for (String arrival : recorder.arrivals()) {
        response.getOutputStream().write((arrival + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
  }
}
