package io.ostiary.web;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import javax.servlet.http.HttpServletResponse;

/**
 * The way of a user who has just signed in to the page that was wanted: a redirect, except where
 * the container's session cookie is SameSite=Strict. That cookie does not come with a redirect that
 * another site's POST led to, the user would be a stranger again, and the sign-in would go round in
 * a circle. A page of our own that goes on by itself starts afresh, from this site.
 */
public final class Landing {

  private static final String PAGE =
      "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Signed in</title>"
          + "<meta http-equiv=\"refresh\" content=\"0;url=TARGET\"></head>\n<body>\n<main>\n"
          + "<p>You are signed in. <a id=\"go-on\" href=\"TARGET\">Go on</a></p>\n</main>\n</body>\n</html>\n";

  /** Servlet 3.0; null in older containers. */
  private static final Method HEADERS = headers();

  private Landing() {}

  private static Method headers() {
    try {
      return HttpServletResponse.class.getMethod("getHeaders", String.class);
    } catch (NoSuchMethodException servlet25) {
      return null;
    }
  }

  /**
   * Sends the user there. The session's cookie must be among the response's headers already.
   *
   * @param target a path of this site; the engine sees to that
   * @param cookies raw values of {@code Set-Cookie} to add
   */
  public static void send(HttpServletResponse response, String target, List<String> cookies)
      throws IOException {
    if (isStrict(cookiesOf(response))) {
      Reply.page(response, PAGE.replace("TARGET", escape(target)), cookies);
    } else {
      Reply.seeOther(response, target, cookies);
    }
  }

  /** None where the container cannot tell (before Servlet 3.0, which knows no SameSite either). */
  private static Collection<?> cookiesOf(HttpServletResponse response) {
    try {
      Object cookies = HEADERS == null ? null : HEADERS.invoke(response, "Set-Cookie");
      return cookies instanceof Collection ? (Collection<?>) cookies : Collections.emptyList();
    } catch (IllegalAccessException e) {
      return Collections.emptyList();
    } catch (InvocationTargetException e) {
      return Collections.emptyList();
    }
  }

  private static boolean isStrict(Collection<?> cookies) {
    for (Object cookie : cookies) {
      String text = String.valueOf(cookie).toLowerCase(Locale.ROOT).replace(" ", "");
      if (text.contains(";samesite=strict")) {
        return true;
      }
    }
    return false;
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
