package com.atlassian.jira.security.login;

import com.atlassian.seraph.elevatedsecurity.ElevatedSecurityGuard;
import io.ostiary.standin.users.SignIns;
import javax.servlet.http.HttpServletRequest;

/** Passes sign-ins on to Jira's record of them. */
public final class JiraElevatedSecurityGuard implements ElevatedSecurityGuard {

  private final SignIns signIns;

  public JiraElevatedSecurityGuard(SignIns signIns) {
    this.signIns = signIns;
  }

  @Override
  public boolean performElevatedSecurityCheck(HttpServletRequest request, String username) {
    return true;
  }

  @Override
  public void onFailedLoginAttempt(HttpServletRequest request, String username) {
    signIns.failed("ElevatedSecurityGuard.onFailedLoginAttempt", username);
  }

  @Override
  public void onSuccessfulLoginAttempt(HttpServletRequest request, String username) {
    signIns.succeeded("ElevatedSecurityGuard.onSuccessfulLoginAttempt", username);
  }
}
