package io.ostiary.atlassian;

import io.ostiary.bridge.LoginButton;
import java.io.UnsupportedEncodingException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.StringTokenizer;

/**
 * What is put into a login page: one script of our own, and a link for browsers without scripts.
 */
final class LoginPage {

  private static final String SIGN_ON = "/plugins/servlet/saml/auth";

  /** Where login pages say what is wanted afterwards. */
  private static final String[] WANTED = {"os_destination", "destination", "targetUrl"};

  private LoginPage() {}

  /**
   * The page that the visitor wants: what the login page was told, else the page itself where it is
   * more than a login page, else null.
   */
  static String target(String contextPath, String path, String query) {
    String wanted = null;
    for (String name : WANTED) {
      wanted = wanted == null ? parameter(query, name) : wanted;
    }
    if (path.startsWith(TowardsRequest.PORTAL + "/")) {
      return portal(contextPath, wanted);
    }
    if (wanted != null && wanted.startsWith("/") && !wanted.startsWith("//")) {
      boolean whole = !contextPath.isEmpty() && wanted.startsWith(contextPath + "/");
      return whole ? wanted : contextPath + wanted;
    }
    return path.startsWith("/secure/") || path.startsWith("/plugins/servlet/mobile")
        ? contextPath + path + (query == null ? "" : "?" + query)
        : null;
  }

  private static String portal(String contextPath, String wanted) {
    if (wanted == null || wanted.contains(":") || wanted.startsWith("//")) {
      return contextPath + TowardsRequest.PORTAL + "/portals";
    }
    if (wanted.startsWith(TowardsRequest.PORTAL)) {
      return contextPath + wanted;
    }
    return contextPath + TowardsRequest.PORTAL + (wanted.startsWith("/") ? wanted : "/" + wanted);
  }

  private static String parameter(String query, String name) {
    if (query == null) {
      return null;
    }
    StringTokenizer pairs = new StringTokenizer(query, "&");
    while (pairs.hasMoreTokens()) {
      String pair = pairs.nextToken();
      if (pair.startsWith(name + "=")) {
        return decode(pair.substring(name.length() + 1));
      }
    }
    return null;
  }

  private static String decode(String value) {
    try {
      return URLDecoder.decode(value, "UTF-8");
    } catch (IllegalArgumentException brokenEscape) {
      return null;
    } catch (UnsupportedEncodingException e) {
      throw new AssertionError(e); // every JVM has UTF-8
    }
  }

  /** ASCII, for a page of any encoding. */
  static String addition(Product product, String contextPath, String target, LoginButton button) {
    String href = escape(signOn(contextPath, target));
    String name = escape(button.name());
    return "\n<noscript><p id=\"ostiary-sign-in-link\"><a href=\""
        + href
        + "\">"
        + name
        + "</a> "
        + escape(button.description())
        + "</p></noscript>\n<script id=\"ostiary-script\" defer src=\""
        + escape(contextPath + "/download/resources/" + product.addonKey() + ":login/login.js")
        + "\" data-href=\""
        + href
        + "\" data-name=\""
        + name
        + "\" data-description=\""
        + escape(button.description())
        + "\"></script>\n";
  }

  private static String signOn(String contextPath, String target) {
    try {
      return contextPath
          + SIGN_ON
          + (target == null ? "" : "?target=" + URLEncoder.encode(target, "UTF-8"));
    } catch (UnsupportedEncodingException e) {
      throw new AssertionError(e); // every JVM has UTF-8
    }
  }

  private static String escape(String text) {
    StringBuilder html = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (c > 0x7e || c < ' ' || "&<>\"'".indexOf(c) >= 0) {
        html.append("&#").append(c).append(';');
      } else {
        html.appendCodePoint(c);
      }
      i += Character.charCount(c);
    }
    return html.toString();
  }
}
