package com.atlassian.seraph.service.rememberme;

import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** The cookie that signs back in. */
public interface RememberMeService {

  String getRememberMeCookieAuthenticatedUsername(
      HttpServletRequest request, HttpServletResponse response);

  void addRememberMeCookie(
      HttpServletRequest request, HttpServletResponse response, String authenticatedUsername);

  void removeRememberMeCookie(HttpServletRequest request, HttpServletResponse response);
}
