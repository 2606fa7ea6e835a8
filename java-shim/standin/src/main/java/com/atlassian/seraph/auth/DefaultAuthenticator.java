package com.atlassian.seraph.auth;

import com.atlassian.seraph.config.SecurityConfig;
import com.atlassian.seraph.interceptor.LogoutInterceptor;
import io.ostiary.standin.host.Callers;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.servlet.http.HttpSession;

/** Seraph's authenticator: session first, then the remember-me cookie, then Basic. */
public abstract class DefaultAuthenticator implements Authenticator {

  public static final String LOGGED_IN_KEY = "seraph_defaultauthenticator_user";
  public static final String LOGGED_IN_ID_KEY = "seraph_defaultauthenticator_user_id";
  public static final String LOGGED_OUT_KEY = "seraph_defaultauthenticator_logged_out_user";

  private final SecurityConfig config;

  protected DefaultAuthenticator(SecurityConfig config) {
    this.config = config;
  }

  protected abstract Principal getUser(String username);

  protected abstract boolean authenticate(Principal user, String password);

  @Override
  public String getRemoteUser(HttpServletRequest request) {
    Principal user = getUser(request);
    return user == null ? null : user.getName();
  }

  @Override
  public Principal getUser(HttpServletRequest request) {
    return getUser(request, null);
  }

  @Override
  public Principal getUser(HttpServletRequest request, HttpServletResponse response) {
    Callers.identityIsAsked(request, "Authenticator.getUser");
    HttpSession session = request.getSession(false);
    if (session != null && session.getAttribute(LOGGED_OUT_KEY) != null) {
      return null;
    }
    Principal user = getUserFromSession(request);
    if (user == null && response != null) {
      user = getUserFromCookie(request, response);
    }
    if (user == null && response != null && config.isBasicAllowed()) {
      user = getUserFromBasicAuthentication(request, response);
    }
    return user;
  }

  @Override
  public boolean login(
      HttpServletRequest request, HttpServletResponse response, String username, String password)
      throws AuthenticatorException {
    return login(request, response, username, password, false);
  }

  @Override
  public boolean login(
      HttpServletRequest request,
      HttpServletResponse response,
      String username,
      String password,
      boolean setRememberMeCookie)
      throws AuthenticatorException {
    Principal user = getUser(username);
    if (user != null
        && config.getElevatedSecurityGuard().performElevatedSecurityCheck(request, username)
        && authenticate(user, password)
        && authoriseUserAndEstablishSession(request, response, user)) {
      config.getElevatedSecurityGuard().onSuccessfulLoginAttempt(request, user.getName());
      if (setRememberMeCookie) {
        config.getRememberMeService().addRememberMeCookie(request, response, user.getName());
      }
      return true;
    }
    config.getElevatedSecurityGuard().onFailedLoginAttempt(request, username);
    return false;
  }

  @Override
  public boolean logout(HttpServletRequest request, HttpServletResponse response)
      throws AuthenticatorException {
    for (LogoutInterceptor interceptor : config.getInterceptors(LogoutInterceptor.class)) {
      interceptor.beforeLogout(request, response);
    }
    HttpSession session = request.getSession();
    session.removeAttribute(LOGGED_IN_KEY);
    session.removeAttribute(LOGGED_IN_ID_KEY);
    session.setAttribute(LOGGED_OUT_KEY, true);
    config.getRememberMeService().removeRememberMeCookie(request, response);
    for (LogoutInterceptor interceptor : config.getInterceptors(LogoutInterceptor.class)) {
      interceptor.afterLogout(request, response);
    }
    return true;
  }

  /** Asks for the right to sign in, renews the session and puts the principal into it. */
  protected boolean authoriseUserAndEstablishSession(
      HttpServletRequest request, HttpServletResponse response, Principal principal) {
    if (!isAuthorised(request, principal)) {
      removePrincipal(request);
      return false;
    }
    if (!isAlreadyInSession(request, principal)) {
      if (config.isInvalidateSessionOnLogin()) {
        renewSession(request);
      }
      putPrincipalInSessionContext(request, principal);
    }
    request.getSession().removeAttribute(LOGGED_OUT_KEY);
    return true;
  }

  protected boolean isAuthorised(HttpServletRequest request, Principal principal) {
    return config.getRoleMapper().canLogin(principal, request);
  }

  protected void putPrincipalInSessionContext(HttpServletRequest request, Principal principal) {
    request.getSession().setAttribute(LOGGED_IN_KEY, principal);
    request.getSession().setAttribute(LOGGED_IN_ID_KEY, principal.getName());
  }

  protected Principal getUserFromSession(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    return session == null ? null : (Principal) session.getAttribute(LOGGED_IN_KEY);
  }

  protected Principal getUserFromCookie(HttpServletRequest request, HttpServletResponse response) {
    String username =
        config.getRememberMeService().getRememberMeCookieAuthenticatedUsername(request, response);
    Principal user = username == null ? null : getUser(username);
    if (user != null && authoriseUserAndEstablishSession(request, response, user)) {
      config.getElevatedSecurityGuard().onSuccessfulLoginAttempt(request, username);
      return user;
    }
    return null;
  }

  protected Principal getUserFromBasicAuthentication(
      HttpServletRequest request, HttpServletResponse response) {
    String header = request.getHeader("Authorization");
    if (header == null || !header.regionMatches(true, 0, "Basic ", 0, 6)) {
      return null;
    }
    try {
      String pair =
          new String(
              Base64.getDecoder().decode(header.substring(6).trim()), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      if (colon > 0
          && login(request, response, pair.substring(0, colon), pair.substring(colon + 1))) {
        return getUserFromSession(request);
      }
    } catch (IllegalArgumentException | AuthenticatorException e) {
      return null;
    }
    return null;
  }

  private boolean isAlreadyInSession(HttpServletRequest request, Principal principal) {
    HttpSession session = request.getSession(false);
    Object there = session == null ? null : session.getAttribute(LOGGED_IN_KEY);
    return there instanceof Principal known && known.getName().equals(principal.getName());
  }

  private void removePrincipal(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    if (session != null) {
      session.removeAttribute(LOGGED_IN_KEY);
      session.removeAttribute(LOGGED_IN_ID_KEY);
    }
  }

  private void renewSession(HttpServletRequest request) {
    HttpSession old = request.getSession(false);
    if (old == null) {
      return;
    }
    Map<String, Object> kept = new LinkedHashMap<>();
    for (String name : Collections.list(old.getAttributeNames())) {
      if (!config.getInvalidateSessionExcludeList().contains(name)) {
        kept.put(name, old.getAttribute(name));
      }
    }
    old.invalidate();
    HttpSession session = request.getSession(true);
    kept.forEach(session::setAttribute);
  }
}
