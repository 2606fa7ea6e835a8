package io.ostiary.atlassian;

import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletRequestWrapper;

/**
 * The request of a sign-in as if it asked for the page that the user wants: a portal's customer
 * without licence may sign in only on the way to the portal.
 */
final class TowardsRequest extends HttpServletRequestWrapper {

  static final String PORTAL = "/servicedesk/customer";

  private final String path;

  /**
   * @param path a path inside the context, without query
   */
  TowardsRequest(HttpServletRequest request, String path) {
    super(request);
    this.path = path;
  }

  /** Towards a target that may have a context path and a query. */
  static HttpServletRequest of(HttpServletRequest request, String target) {
    String context = request.getContextPath();
    String path = target.startsWith(context + "/") ? target.substring(context.length()) : target;
    String bare = path.split("[?#]", 2)[0];
    return isPortal(bare) ? new TowardsRequest(request, bare) : request;
  }

  private static boolean isPortal(String path) {
    return path.equals(PORTAL) || path.startsWith(PORTAL + "/");
  }

  @Override
  public String getRequestURI() {
    return getContextPath() + path;
  }

  @Override
  public StringBuffer getRequestURL() {
    StringBuffer url = super.getRequestURL();
    String uri = ((HttpServletRequest) getRequest()).getRequestURI();
    int at = url.length() - uri.length();
    return at > 0 && url.substring(at).equals(uri)
        ? new StringBuffer(url.substring(0, at)).append(getRequestURI())
        : url;
  }

  @Override
  public String getServletPath() {
    return path;
  }

  @Override
  public String getPathInfo() {
    return null;
  }

  @Override
  public String getQueryString() {
    return null;
  }
}
