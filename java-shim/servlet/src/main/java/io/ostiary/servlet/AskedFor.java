package io.ostiary.servlet;

import io.ostiary.web.RawUri;
import javax.servlet.AsyncContext;
import javax.servlet.DispatcherType;
import javax.servlet.RequestDispatcher;
import javax.servlet.http.HttpServletRequest;

/** What the browser asked for, also where the application has handed the request on. */
final class AskedFor {

  private AskedFor() {}

  /**
   * The URL that the browser asked for, without query, also where the application has handed the
   * request on.
   */
  static String url(HttpServletRequest request) {
    String url = request.getRequestURL().toString();
    String uri = request.getRequestURI();
    String asked = uri;
    Object original = request.getAttribute(originalUri(request.getDispatcherType()));
    if (original instanceof String) {
      asked = (String) original;
    }
    String origin = url.endsWith(uri) ? url.substring(0, url.length() - uri.length()) : url;
    return origin + RawUri.withoutSessionParameter(asked);
  }

  /** The raw query, also where the application has handed the request on. */
  static String query(HttpServletRequest request) {
    DispatcherType type = request.getDispatcherType();
    if (request.getAttribute(originalUri(type)) instanceof String) {
      return (String)
          request.getAttribute(
              type == DispatcherType.ASYNC
                  ? AsyncContext.ASYNC_QUERY_STRING
                  : RequestDispatcher.FORWARD_QUERY_STRING);
    }
    return request.getQueryString();
  }

  private static String originalUri(DispatcherType type) {
    return type == DispatcherType.ASYNC
        ? AsyncContext.ASYNC_REQUEST_URI
        : RequestDispatcher.FORWARD_REQUEST_URI;
  }
}
