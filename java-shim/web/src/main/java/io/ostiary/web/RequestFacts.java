package io.ostiary.web;

import io.ostiary.bridge.Event;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Map;
import javax.servlet.http.Cookie;
import javax.servlet.http.HttpServletRequest;

/** Reads off a request what the engine may know of it. */
public final class RequestFacts {

  private static final Charset LATIN_1 = Charset.forName("ISO-8859-1");
  private static final Charset UTF_8 = Charset.forName("UTF-8");

  private RequestFacts() {}

  /** The path inside the context as the container decoded it: what the servlets are chosen by. */
  public static String path(HttpServletRequest request) {
    String servlet = request.getServletPath();
    String info = request.getPathInfo();
    return info == null ? servlet : servlet + info;
  }

  /**
   * The event of a request.
   *
   * @param url the URL that the browser asked for, without query
   * @param path see {@link #path}
   * @param query the raw query, or null
   * @param user who is signed in, or null
   * @param sessionJson the facts of that sign-in, or null
   * @param own whether the path is the sign-in's own: only there a form is read
   */
  public static Event event(
      HttpServletRequest request,
      String url,
      String path,
      String query,
      String user,
      String sessionJson,
      boolean own,
      int maxFormBytes) {
    Event.Request event =
        Event.request(request.getMethod(), latin1(url), path).query(latin1(query));
    for (String header : Event.Request.headerNames()) {
      event.header(header, request.getHeader(header));
    }
    Cookie[] cookies = request.getCookies();
    if (cookies != null) {
      for (Cookie cookie : cookies) {
        event.cookie(cookie.getName(), cookie.getValue());
      }
    }
    event.user(user).session(sessionJson);
    if (own && "POST".equals(request.getMethod())) {
      form(request, event, maxFormBytes);
    }
    return event.build();
  }

  private static void form(HttpServletRequest request, Event.Request event, int maxBytes) {
    String problem = BodyRules.problemBefore(request, maxBytes);
    if (problem != null) {
      event.formProblem(problem);
      return;
    }
    Map<String, String[]> parameters;
    try {
      parameters = parameters(request);
    } catch (IllegalStateException refusedByTheContainer) {
      event.formProblem(BodyRules.TOO_LARGE);
      return;
    }
    problem = BodyRules.problemAfter(parameters, maxBytes);
    if (problem != null) {
      event.formProblem(problem);
      return;
    }
    for (Map.Entry<String, String[]> parameter : parameters.entrySet()) {
      event.form(parameter.getKey(), Arrays.asList(parameter.getValue()));
    }
  }

  @SuppressWarnings("unchecked") // Servlet 2.5 had no generics yet
  private static Map<String, String[]> parameters(HttpServletRequest request) {
    return request.getParameterMap();
  }

  /** The octets of a text, one a character. Containers give them so, or read them as UTF-8. */
  public static String latin1(String text) {
    if (text == null) {
      return null;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0xff) {
        return new String(text.getBytes(UTF_8), LATIN_1);
      }
    }
    return text;
  }
}
