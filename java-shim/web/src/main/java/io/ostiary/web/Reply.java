package io.ostiary.web;

import io.ostiary.bridge.Response;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.servlet.http.HttpServletResponse;

/** Sends what the engine decided. */
public final class Reply {

  private static final Charset UTF_8 = Charset.forName("UTF-8");

  private static final String PAGE =
      "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
          + "<title>Sign-in is not available</title></head>\n<body>\n<main>\n<h1>Sign-in is not available</h1>\n"
          + "<p>This page is for people who have signed in, and nobody can sign in at the moment. Please try again later.</p>\n"
          + "<p>If it stays so, tell your administrator this code: <code id=\"code\">CODE</code></p>\n</main>\n</body>\n</html>\n";

  private Reply() {}

  public static void send(HttpServletResponse response, Response reply) throws IOException {
    if (!begin(response, reply.status())) {
      return;
    }
    Set<String> seen = new HashSet<String>();
    for (Response.Header header : reply.headers()) {
      if (header.name().equalsIgnoreCase("Content-Type")) {
        response.setContentType(header.value()); // what decorates pages listens to this one
      } else if (seen.add(header.name().toLowerCase(Locale.ROOT))) {
        response.setHeader(header.name(), header.value());
      } else {
        response.addHeader(header.name(), header.value());
      }
    }
    cookies(response, reply.cookies());
    body(response, reply.body());
  }

  /**
   * The browser fetches the target with GET (RFC 9110 section 15.4.4). The target is a path of this
   * site; the engine sees to that.
   */
  public static void seeOther(HttpServletResponse response, String target, List<String> cookies)
      throws IOException {
    if (!begin(response, HttpServletResponse.SC_SEE_OTHER)) {
      return;
    }
    response.setHeader("Location", target);
    response.setHeader("Cache-Control", "no-store");
    cookies(response, cookies);
    body(response, "");
  }

  /** A page of ours, with these cookies. */
  public static void page(HttpServletResponse response, String html, List<String> cookies)
      throws IOException {
    page(response, HttpServletResponse.SC_OK, html, cookies);
  }

  /** The page of an application that has no engine to ask: 503, or 500 for a defect of ours. */
  public static void unavailable(HttpServletResponse response, int status, String code)
      throws IOException {
    page(response, status, PAGE.replace("CODE", code), Collections.<String>emptyList());
  }

  /** A page of ours with this status. */
  public static void page(
      HttpServletResponse response, int status, String html, List<String> cookies)
      throws IOException {
    page(
        response,
        status,
        html,
        cookies,
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
  }

  /** A page of ours that the host decorates: its own styles and scripts go on working. */
  public static void decorated(HttpServletResponse response, int status, String html)
      throws IOException {
    page(
        response,
        status,
        html,
        Collections.<String>emptyList(),
        "frame-ancestors 'self'; base-uri 'self'; object-src 'none'");
  }

  private static void page(
      HttpServletResponse response, int status, String html, List<String> cookies, String policy)
      throws IOException {
    if (!begin(response, status)) {
      return;
    }
    response.setContentType("text/html; charset=utf-8");
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("Content-Security-Policy", policy);
    cookies(response, cookies);
    body(response, html);
  }

  /**
   * Clears what the application may have written before it handed the request on. Cookies and
   * headers of filters before us stay.
   *
   * @return false when something is on its way to the browser already: then nothing is added, and
   *     the protected page is not shown either
   */
  private static boolean begin(HttpServletResponse response, int status) {
    if (response.isCommitted()) {
      return false;
    }
    response.resetBuffer();
    response.setStatus(status);
    return true;
  }

  /** Raw headers: Servlet 3.0 knows no SameSite. */
  private static void cookies(HttpServletResponse response, List<String> cookies) {
    for (String cookie : cookies) {
      response.addHeader("Set-Cookie", cookie);
    }
  }

  private static void body(HttpServletResponse response, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    response.setContentLength(bytes.length);
    try {
      response.getOutputStream().write(bytes);
    } catch (IllegalStateException writerInUse) {
      response.getWriter().write(body);
    }
  }
}
