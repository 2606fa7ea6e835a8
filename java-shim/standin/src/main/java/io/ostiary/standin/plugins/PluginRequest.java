package io.ostiary.standin.plugins;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletRequestWrapper;
import javax.servlet.http.HttpSession;

/** The wrapper in which plug-ins get requests; its session is a new wrapper at every call. */
final class PluginRequest extends HttpServletRequestWrapper {

  private final boolean servlet;
  private final String servletPath;
  private final String pathInfo;

  private PluginRequest(
      HttpServletRequest request, boolean servlet, String servletPath, String pathInfo) {
    super(request);
    this.servlet = servlet;
    this.servletPath = servletPath;
    this.pathInfo = pathInfo;
  }

  /** For filters, which may see it again after a forward: the paths are the container's. */
  static PluginRequest around(HttpServletRequest request) {
    return new PluginRequest(request, false, null, null);
  }

  /** For a servlet, whose path is that of its pattern. */
  static PluginRequest below(HttpServletRequest request, String servletPath, String pathInfo) {
    return new PluginRequest(request, true, servletPath, pathInfo);
  }

  @Override
  public String getServletPath() {
    return servlet ? servletPath : super.getServletPath();
  }

  @Override
  public String getPathInfo() {
    return servlet ? pathInfo : super.getPathInfo();
  }

  @Override
  public HttpSession getSession() {
    return wrapped(super.getSession());
  }

  @Override
  public HttpSession getSession(boolean create) {
    return wrapped(super.getSession(create));
  }

  private static HttpSession wrapped(HttpSession session) {
    if (session == null) {
      return null;
    }
    return (HttpSession)
        Proxy.newProxyInstance(
            HttpSession.class.getClassLoader(),
            new Class<?>[] {HttpSession.class},
            (self, method, arguments) -> {
              try {
                return method.invoke(session, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
