package com.atlassian.jira.security.websudo;

import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.servlet.http.HttpSession;

/** Jira's own side of the confirmation of a password. */
public interface InternalWebSudoManager {

  boolean isEnabled();

  boolean hasValidSession(HttpSession session);

  void startSession(HttpServletRequest request, HttpServletResponse response);
}
