package io.ostiary.standin.web;

import io.ostiary.standin.host.Identities;
import io.ostiary.standin.host.Parts;
import io.ostiary.standin.host.Urls;
import io.ostiary.standin.users.Account;
import java.io.IOException;
import java.security.Principal;
import java.util.Locale;
import javax.servlet.DispatcherType;
import javax.servlet.FilterChain;
import javax.servlet.ServletException;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletRequestWrapper;
import javax.servlet.http.HttpServletResponse;

/** Finds out who is there, and sends away who may not see the page. */
final class SecurityFilter extends HttpFilterBase {

  private final Parts parts;
  private final Protection protection;

  SecurityFilter(Parts parts) {
    this.parts = parts;
    this.protection = new Protection(parts.profile());
  }

  @Override
  void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String authorization = request.getHeader("Authorization");
    Principal user;
    if (Urls.isByApplication(request)) {
      user = named(applicationUser(request));
    } else if (authorization != null && isBearer(authorization)) {
      user = named(tokenUser(authorization));
    } else {
      user = parts.security().getAuthenticator().getUser(request, response);
    }
    if (user == null && authorization != null && isCredential(authorization)) {
      response.setHeader("WWW-Authenticate", "Basic realm=\"protected-area\"");
      Exchange.json(response, 401, "{\"message\":\"Client must be authenticated\"}");
      return;
    }
    String role = protection.role(request.getServletPath());
    if (role != null
        && request.getDispatcherType() == DispatcherType.REQUEST
        && !parts.security().getRoleMapper().hasRole(user, request, role)) {
      sendAway(request, response, user, role);
      return;
    }
    Identities.with(
        user == null ? null : user.getName(),
        () -> chain.doFilter(new Known(request, user), response));
  }

  private void sendAway(
      HttpServletRequest request, HttpServletResponse response, Principal user, String role)
      throws IOException, ServletException {
    if (parts.profile().isJira() && request.getMethod().equals("POST") && user == null) {
      Identities.with(
          null,
          () ->
              request
                  .getRequestDispatcher("/secure/XsrfErrorAction.jspa")
                  .forward(request, response));
      return;
    }
    response.sendRedirect(
        request.getContextPath()
            + protection.loginUrl(Urls.encode(Urls.pathAndQuery(request)), role));
  }

  private Principal named(String name) {
    Account account = name == null ? null : parts.accounts().find(name);
    return account == null || !account.active() ? null : account::name;
  }

  /** Bearer tokens exist since Jira 8.14 and Confluence 7.9; here {@code pat-NAME} is NAME's. */
  private boolean isBearer(String authorization) {
    return !parts.profile().isOldest() && authorization.startsWith("Bearer ");
  }

  private static String tokenUser(String authorization) {
    String token = authorization.substring(7).trim();
    return token.startsWith("pat-") ? token.substring(4) : null;
  }

  /** {@code Authorization: OAuth oauth_token="user-NAME"}, or a trusted application's header. */
  private static String applicationUser(HttpServletRequest request) {
    String authorization = String.valueOf(request.getHeader("Authorization"));
    int at = authorization.indexOf("oauth_token=\"user-");
    if (at >= 0) {
      int from = at + 18;
      int to = authorization.indexOf('"', from);
      return to < 0 ? null : authorization.substring(from, to);
    }
    return request.getHeader("X-Seraph-Trusted-App-User");
  }

  private boolean isCredential(String authorization) {
    String scheme = authorization.toLowerCase(Locale.ROOT);
    return scheme.startsWith("basic ") || scheme.startsWith("oauth ") || isBearer(authorization);
  }

  /** The request as everything behind the security filter sees it. */
  private static final class Known extends HttpServletRequestWrapper {

    private final Principal user;

    private Known(HttpServletRequest request, Principal user) {
      super(request);
      this.user = user;
    }

    @Override
    public String getRemoteUser() {
      return user == null ? null : user.getName();
    }

    @Override
    public Principal getUserPrincipal() {
      return user;
    }
  }
}
