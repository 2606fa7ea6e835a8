package com.atlassian.seraph.auth;

/** Signing in or out failed for a reason other than the password. */
public class AuthenticatorException extends Exception {

  private static final long serialVersionUID = 1;

  public AuthenticatorException(String message) {
    super(message);
  }
}
