package com.atlassian.confluence.security.login;

import com.atlassian.seraph.elevatedsecurity.ElevatedSecurityGuard;
import io.ostiary.standin.users.SignIns;
import javax.servlet.http.HttpServletRequest;

/** Passes sign-ins on to Confluence's record of them. */
public final class ConfluenceElevatedSecurityGuard implements ElevatedSecurityGuard {

  private final SignIns signIns;

  public ConfluenceElevatedSecurityGuard(SignIns signIns) {
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
