package io.ostiary.standin.web;

import com.atlassian.seraph.auth.AuthenticatorException;
import io.ostiary.standin.host.Parts;
import java.io.IOException;
import javax.servlet.DispatcherType;
import javax.servlet.FilterChain;
import javax.servlet.ServletException;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Seraph's password door: {@code os_username} and {@code os_password} on any URL. */
final class LoginFilter extends HttpFilterBase {

  static final String STATUS = "os_authstatus";

  private final Parts parts;

  LoginFilter(Parts parts) {
    this.parts = parts;
  }

  @Override
  void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String username = request.getParameter("os_username");
    String password = request.getParameter("os_password");
    if (username != null
        && password != null
        && request.getDispatcherType() == DispatcherType.REQUEST) {
      request.setAttribute(STATUS, login(request, response, username, password));
    }
    chain.doFilter(request, response);
  }

  private String login(
      HttpServletRequest request, HttpServletResponse response, String username, String password)
      throws ServletException {
    boolean remember = "true".equals(request.getParameter("os_cookie"));
    try {
      boolean in =
          parts
              .security()
              .getAuthenticator()
              .login(request, response, username, password, remember);
      return in ? "success" : "failed";
    } catch (AuthenticatorException e) {
      throw new ServletException(e);
    }
  }
}
