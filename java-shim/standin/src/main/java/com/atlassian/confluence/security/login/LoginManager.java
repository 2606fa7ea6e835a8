package com.atlassian.confluence.security.login;

import javax.servlet.http.HttpServletRequest;

/** Keeps the sign-ins of Confluence's users. */
public interface LoginManager {

  boolean requiresElevatedAuthentication(String username);

  void onSuccessfulLoginAttempt(String username, HttpServletRequest request);

  void onFailedLoginAttempt(String username, HttpServletRequest request);
}
