package com.atlassian.sal.api.websudo;

/** There is no confirmed session. */
public class WebSudoSessionException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public WebSudoSessionException(String message) {
    super(message);
  }
}
