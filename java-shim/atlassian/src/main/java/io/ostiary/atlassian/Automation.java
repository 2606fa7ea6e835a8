package io.ostiary.atlassian;

import java.net.URI;
import java.util.Enumeration;
import java.util.Locale;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Who may change settings by program. */
final class Automation {

  /** Off unless the machine's operator has switched it on. */
  static final String SWITCH = "ostiary.automation";

  private static final int UNSUPPORTED_MEDIA_TYPE = HttpServletResponse.SC_UNSUPPORTED_MEDIA_TYPE;

  private Automation() {}

  /** Null when the request may go on to the engine. */
  static Refusal refuses(Sal sal, HttpServletRequest request) throws HostException {
    if (!Boolean.getBoolean(SWITCH)) {
      return new Refusal(HttpServletResponse.SC_NOT_FOUND, "automation-off");
    }
    boolean get = "GET".equals(request.getMethod());
    if (!get && !"PUT".equals(request.getMethod())) {
      return new Refusal(HttpServletResponse.SC_METHOD_NOT_ALLOWED, "method-not-allowed");
    }
    if (!isOwnOrigin(sal, request.getHeader("Origin"))) {
      return new Refusal(HttpServletResponse.SC_FORBIDDEN, "foreign-origin");
    }
    if (comesFromAnotherApplication(request)) {
      return new Refusal(HttpServletResponse.SC_FORBIDDEN, "oauth-refused");
    }
    if (sal.remoteUser(request) == null) {
      return new Refusal(HttpServletResponse.SC_UNAUTHORIZED, "not-signed-in");
    }
    if (!sal.isSystemAdmin(request)) {
      return new Refusal(HttpServletResponse.SC_FORBIDDEN, "not-system-admin");
    }
    if (!get && !isJson(request.getContentType())) {
      return new Refusal(UNSUPPORTED_MEDIA_TYPE, "not-json");
    }
    if (isCookieSession(request)) {
      if (!sal.isElevated(request)) {
        return new Refusal(HttpServletResponse.SC_FORBIDDEN, "not-elevated");
      }
      if (!get && !sal.hasXsrfToken(request)) {
        return new Refusal(HttpServletResponse.SC_FORBIDDEN, "xsrf-token-missing");
      }
    }
    return null;
  }

  /** A browser names the origin; a program need not. Host headers prove nothing. */
  private static boolean isOwnOrigin(Sal sal, String origin) throws HostException {
    if (origin == null) {
      return true;
    }
    try {
      URI own = URI.create(String.valueOf(sal.baseUrl()));
      URI asked = URI.create(origin);
      return own.getScheme() != null
          && own.getScheme().equalsIgnoreCase(asked.getScheme())
          && own.getHost() != null
          && own.getHost().equalsIgnoreCase(asked.getHost())
          && port(own) == port(asked);
    } catch (IllegalArgumentException noUri) {
      return false;
    }
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
  }

  /**
   * OAuth tokens and application links act for a user who did not ask for this. A bearer token may
   * be one of them, so only a password is taken beside a session.
   */
  private static boolean comesFromAnotherApplication(HttpServletRequest request) {
    String authorization = request.getHeader("Authorization");
    if (authorization != null
        && !authorization.toLowerCase(Locale.ROOT).trim().startsWith("basic ")) {
      return true;
    }
    for (String parameter :
        new String[] {"oauth_token", "oauth_consumer_key", "access_token", "jwt"}) {
      if (request.getParameter(parameter) != null) {
        return true;
      }
    }
    return names(request.getHeaderNames(), "x-seraph-trusted-app")
        || names(request.getAttributeNames(), "com.atlassian.oauth")
        || names(request.getAttributeNames(), "com.atlassian.security.auth.trustedapps");
  }

  private static boolean names(Enumeration<?> names, String prefix) {
    while (names != null && names.hasMoreElements()) {
      if (String.valueOf(names.nextElement()).toLowerCase(Locale.ROOT).startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a browser's cookie may be what signs this request in. */
  private static boolean isCookieSession(HttpServletRequest request) {
    return request.getHeader("Cookie") != null || request.getHeader("Authorization") == null;
  }

  private static boolean isJson(String type) {
    if (type == null) {
      return false;
    }
    int parameters = type.indexOf(';');
    String media = parameters < 0 ? type : type.substring(0, parameters);
    return media.trim().equalsIgnoreCase("application/json");
  }
}
