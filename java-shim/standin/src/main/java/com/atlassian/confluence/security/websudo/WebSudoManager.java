package com.atlassian.confluence.security.websudo;

import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.servlet.http.HttpSession;

/** Confluence's own side of the confirmation of a password. */
public interface WebSudoManager {

  boolean isEnabled();

  boolean hasValidSession(HttpSession session);

  void startSession(HttpServletRequest request, HttpServletResponse response);
}
