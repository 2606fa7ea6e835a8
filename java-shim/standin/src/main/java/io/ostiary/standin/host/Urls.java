package io.ostiary.standin.host;

import io.ostiary.standin.Profile;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import javax.servlet.http.HttpServletRequest;

/** Paths and parameters that several parts need. */
public final class Urls {

  private Urls() {}

  public static String loginPage(Profile profile) {
    return profile.isJira() ? "/login.jsp" : "/login.action";
  }

  public static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Path below the context and query, as they were sent. */
  public static String pathAndQuery(HttpServletRequest request) {
    String path = request.getRequestURI().substring(request.getContextPath().length());
    return request.getQueryString() == null ? path : path + "?" + request.getQueryString();
  }

  /**
   * Where {@code target} leads within this host: only paths are followed, anything else goes home.
   */
  public static String within(HttpServletRequest request, String target, String home) {
    boolean path =
        target != null
            && target.startsWith("/")
            && !target.startsWith("//")
            && target.indexOf('\\') < 0;
    return request.getContextPath() + (path ? target : home);
  }

  /** Whether another application speaks for the user: OAuth or a trusted application. */
  public static boolean isByApplication(HttpServletRequest request) {
    String authorization = request.getHeader("Authorization");
    return (authorization != null && authorization.startsWith("OAuth "))
        || request.getHeader("X-Seraph-Trusted-App-ID") != null;
  }
}
