package com.atlassian.seraph.auth;

import java.security.Principal;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Signs in and out, and says who is signed in. */
public interface Authenticator {

  String getRemoteUser(HttpServletRequest request);

  Principal getUser(HttpServletRequest request);

  Principal getUser(HttpServletRequest request, HttpServletResponse response);

  boolean login(
      HttpServletRequest request, HttpServletResponse response, String username, String password)
      throws AuthenticatorException;

  boolean login(
      HttpServletRequest request,
      HttpServletResponse response,
      String username,
      String password,
      boolean setRememberMeCookie)
      throws AuthenticatorException;

  boolean logout(HttpServletRequest request, HttpServletResponse response)
      throws AuthenticatorException;
}
