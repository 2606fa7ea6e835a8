package com.atlassian.seraph.interceptor;

import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Is told of a sign-out. */
public interface LogoutInterceptor {

  void beforeLogout(HttpServletRequest request, HttpServletResponse response);

  void afterLogout(HttpServletRequest request, HttpServletResponse response);
}
