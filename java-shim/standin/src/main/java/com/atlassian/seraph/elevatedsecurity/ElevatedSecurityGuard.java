package com.atlassian.seraph.elevatedsecurity;

import javax.servlet.http.HttpServletRequest;

/** Hears of sign-in attempts; the products keep the last-login date behind it. */
public interface ElevatedSecurityGuard {

  boolean performElevatedSecurityCheck(HttpServletRequest request, String username);

  void onFailedLoginAttempt(HttpServletRequest request, String username);

  void onSuccessfulLoginAttempt(HttpServletRequest request, String username);
}
