package io.ostiary.standin.web;

import com.atlassian.seraph.config.SecurityConfigImpl;
import io.ostiary.standin.host.Parts;
import io.ostiary.standin.host.Switches;
import io.ostiary.standin.plugins.PluginFilters;
import java.io.IOException;
import java.nio.file.Files;
import java.util.EnumSet;
import java.util.Locale;
import javax.servlet.DispatcherType;
import javax.servlet.Filter;
import javax.servlet.FilterRegistration;
import javax.servlet.MultipartConfigElement;
import javax.servlet.ServletContext;
import javax.servlet.ServletRegistration;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.session.StandardManager;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.webresources.TomcatURLStreamHandlerFactory;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.apache.tomcat.util.http.Rfc6265CookieProcessor;

/** Tomcat with the host's web application: the chain of filters in the order of the products. */
public final class Container {

  private static final int UPLOAD_LIMIT = 64 << 20;

  private final Tomcat tomcat = new Tomcat();
  private final Parts parts;
  private final Context context;

  public Container(Parts parts) throws IOException {
    this.parts = parts;
    // Else it takes over java.net.URL, which a process with several hosts cannot bear.
    TomcatURLStreamHandlerFactory.disable();
    Switches switches = parts.switches();
    tomcat.setBaseDir(Files.createDirectories(switches.home().resolve("tomcat")).toString());
    tomcat.setConnector(connector(switches));
    context =
        tomcat.addContext(
            switches.contextPath(),
            Files.createDirectories(switches.home().resolve("webapp")).toString());
    // What Tomcat's leak detection needs opened of the JDK is not opened here.
    StandardContext standard = (StandardContext) context;
    standard.setClearReferencesRmiTargets(false);
    standard.setClearReferencesThreadLocals(false);
    standard.setClearReferencesObjectStreamClassCaches(false);
    context.setParentClassLoader(Container.class.getClassLoader());
    StandardManager sessions = new StandardManager();
    sessions.setPathname(null);
    context.setManager(sessions);
    Rfc6265CookieProcessor cookies = new Rfc6265CookieProcessor();
    cookies.setSameSiteCookies(switches.get("same-site", "lax").toLowerCase(Locale.ROOT));
    context.setCookieProcessor(cookies);
    for (int status : new int[] {403, 404, 405, 500}) {
      ErrorPage page = new ErrorPage();
      page.setErrorCode(status);
      page.setLocation(status == 500 ? "/500page.jsp" : "/error.jsp");
      context.addErrorPage(page);
    }
    context.addServletContainerInitializer((classes, servlets) -> fill(servlets), null);
  }

  /** Starts to listen; afterwards the base URL is known, given or not. */
  public void start() throws LifecycleException {
    tomcat.start();
    if (!context.getState().isAvailable()) {
      throw new LifecycleException("the web application did not start");
    }
    if (parts.switches().baseUrl().isEmpty()) {
      parts.switches().set("base-url", url());
    }
  }

  public void stop() throws LifecycleException {
    tomcat.stop();
    tomcat.destroy();
  }

  public String url() {
    return "http://localhost:"
        + tomcat.getConnector().getLocalPort()
        + parts.switches().contextPath();
  }

  private static Connector connector(Switches switches) {
    Connector connector = new Connector("HTTP/1.1");
    connector.setPort(switches.port());
    connector.setProperty("address", "127.0.0.1");
    connector.setProperty("relaxedQueryChars", "[]|{}^`\"<>");
    connector.setURIEncoding("UTF-8");
    for (String limit : new String[] {"maxHttpHeaderSize", "maxSwallowSize"}) {
      String value = switches.get("connector." + limit, "");
      if (!value.isEmpty()) {
        connector.setProperty(limit, value);
      }
    }
    // As the server.xml of an installation behind a proxy says it.
    connector.setScheme(switches.get("connector.scheme", "http"));
    connector.setSecure(switches.is("connector.secure", false));
    String proxy = switches.get("connector.proxyName", "");
    if (!proxy.isEmpty()) {
      connector.setProxyName(proxy);
      connector.setProxyPort(Integer.parseInt(switches.get("connector.proxyPort", "443")));
    }
    return connector;
  }

  private void fill(ServletContext servlets) {
    servlets.setAttribute(SecurityConfigImpl.STORAGE_KEY, parts.security());
    add(servlets, "requests", new RequestNotes(parts));
    add(servlets, "control", new ControlFilter(parts, new Control(parts, context.getManager())));
    add(servlets, "encoding", new EncodingFilter());
    add(servlets, "headers", new HeadersFilter(parts.profile()));
    add(servlets, "after-encoding", new PluginFilters(parts.plugins(), "after-encoding"));
    add(servlets, "before-login", new PluginFilters(parts.plugins(), "before-login"));
    add(servlets, "login", new LoginFilter(parts));
    add(servlets, "security", new SecurityFilter(parts));
    add(servlets, "before-decoration", new PluginFilters(parts.plugins(), "before-decoration"));
    add(servlets, "decoration", new DecorationFilter(parts));
    add(servlets, "before-dispatch", new PluginFilters(parts.plugins(), "before-dispatch"));
    ServletRegistration.Dynamic servlet = servlets.addServlet("host", new HostServlet(parts));
    servlet.setMultipartConfig(
        new MultipartConfigElement(null, UPLOAD_LIMIT, UPLOAD_LIMIT, UPLOAD_LIMIT));
    servlet.setAsyncSupported(true);
    servlet.addMapping("/");
    servlets.addListener(new SessionWatch());
  }

  private static void add(ServletContext servlets, String name, Filter filter) {
    FilterRegistration.Dynamic registration = servlets.addFilter(name, filter);
    registration.setAsyncSupported(true);
    registration.addMappingForUrlPatterns(
        EnumSet.of(
            DispatcherType.REQUEST,
            DispatcherType.FORWARD,
            DispatcherType.INCLUDE,
            DispatcherType.ERROR),
        true,
        "/*");
  }
}
