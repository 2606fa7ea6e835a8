package com.atlassian.confluence.event.events.security;

/** Somebody signed in. */
public class LoginEvent {

  private final Object source;
  private final String username;
  private final String sessionId;
  private final String remoteIp;

  public LoginEvent(Object source, String username, String sessionId, String remoteIp) {
    this.source = source;
    this.username = username;
    this.sessionId = sessionId;
    this.remoteIp = remoteIp;
  }

  public Object getSource() {
    return source;
  }

  public String getUsername() {
    return username;
  }

  public String getSessionId() {
    return sessionId;
  }

  public String getRemoteIP() {
    return remoteIp;
  }

  @Override
  public String toString() {
    return "LoginEvent " + username;
  }
}
