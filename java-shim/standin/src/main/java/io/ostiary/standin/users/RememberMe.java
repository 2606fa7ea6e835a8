package io.ostiary.standin.users;

import com.atlassian.seraph.service.rememberme.RememberMeService;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.servlet.http.Cookie;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Remember-me tokens, kept in memory. */
public final class RememberMe implements RememberMeService {

  private static final int TWO_WEEKS = 14 * 24 * 3600;

  private final String cookieName;
  private final Map<String, String> names = new ConcurrentHashMap<>();

  public RememberMe(String cookieName) {
    this.cookieName = cookieName;
  }

  @Override
  public String getRememberMeCookieAuthenticatedUsername(
      HttpServletRequest request, HttpServletResponse response) {
    String token = token(request);
    return token == null ? null : names.get(token);
  }

  @Override
  public void addRememberMeCookie(
      HttpServletRequest request, HttpServletResponse response, String authenticatedUsername) {
    String token = UUID.randomUUID().toString();
    names.put(token, authenticatedUsername);
    response.addCookie(cookie(request, token, TWO_WEEKS));
  }

  @Override
  public void removeRememberMeCookie(HttpServletRequest request, HttpServletResponse response) {
    String token = token(request);
    if (token != null) {
      names.remove(token);
      response.addCookie(cookie(request, "", 0));
    }
  }

  private String token(HttpServletRequest request) {
    if (request.getCookies() != null) {
      for (Cookie cookie : request.getCookies()) {
        if (cookie.getName().equals(cookieName)) {
          return cookie.getValue();
        }
      }
    }
    return null;
  }

  private Cookie cookie(HttpServletRequest request, String value, int age) {
    Cookie cookie = new Cookie(cookieName, value);
    cookie.setPath(request.getContextPath().isEmpty() ? "/" : request.getContextPath());
    cookie.setMaxAge(age);
    cookie.setHttpOnly(true);
    return cookie;
  }
}
