package io.ostiary.standin.plugins;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletRequestWrapper;
import javax.servlet.http.HttpSession;

/** The wrapper in which plug-ins get requests; its session is a new wrapper at every call. */
final class PluginRequest extends HttpServletRequestWrapper {

  private final String servletPath;
  private final String pathInfo;

  private PluginRequest(HttpServletRequest request, String servletPath, String pathInfo) {
    super(request);
    this.servletPath = servletPath;
    this.pathInfo = pathInfo;
  }

  static PluginRequest around(HttpServletRequest request) {
    return new PluginRequest(request, request.getServletPath(), request.getPathInfo());
  }

  static PluginRequest below(HttpServletRequest request, String servletPath, String pathInfo) {
    return new PluginRequest(request, servletPath, pathInfo);
  }

  @Override
  public String getServletPath() {
    return servletPath;
  }

  @Override
  public String getPathInfo() {
    return pathInfo;
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
