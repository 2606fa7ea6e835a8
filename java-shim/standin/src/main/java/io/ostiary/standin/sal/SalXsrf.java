package io.ostiary.standin.sal;

import com.atlassian.sal.api.xsrf.XsrfTokenAccessor;
import com.atlassian.sal.api.xsrf.XsrfTokenValidator;
import io.ostiary.standin.host.Switches;
import java.util.UUID;
import javax.servlet.http.Cookie;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.servlet.http.HttpSession;

/** The token that forms carry: in a cookie of its own in Jira, in the session in Confluence. */
public final class SalXsrf implements XsrfTokenAccessor, XsrfTokenValidator {

  public static final String PARAMETER = "atl_token";
  private static final String KEY = "atlassian.xsrf.token";

  private final Switches switches;

  public SalXsrf(Switches switches) {
    this.switches = switches;
  }

  @Override
  public String getXsrfToken(
      HttpServletRequest request, HttpServletResponse response, boolean create) {
    String token = token(request);
    if (token != null || !create) {
      return token;
    }
    String made = UUID.randomUUID().toString();
    if (switches.profile().isJira()) {
      Cookie cookie = new Cookie(KEY, made);
      cookie.setPath(request.getContextPath().isEmpty() ? "/" : request.getContextPath());
      response.addCookie(cookie);
      request.setAttribute(KEY, made);
    } else {
      request.getSession().setAttribute(KEY, made);
    }
    return made;
  }

  @Override
  public boolean validateFormEncodedToken(HttpServletRequest request) {
    String token = token(request);
    return token != null && token.equals(request.getParameter(PARAMETER));
  }

  @Override
  public String getXsrfParameterName() {
    return PARAMETER;
  }

  private String token(HttpServletRequest request) {
    if (!switches.profile().isJira()) {
      HttpSession session = request.getSession(false);
      return session == null ? null : (String) session.getAttribute(KEY);
    }
    if (request.getAttribute(KEY) instanceof String made) {
      return made;
    }
    if (request.getCookies() != null) {
      for (Cookie cookie : request.getCookies()) {
        if (cookie.getName().equals(KEY)) {
          return cookie.getValue();
        }
      }
    }
    return null;
  }
}
