package com.atlassian.jira.security.login;

import io.ostiary.standin.Generations;
import javax.servlet.http.HttpServletRequest;

/** Keeps the sign-ins of Jira's users. */
public interface LoginManager {

  LoginInfo getLoginInfo(String userName);

  @Generations(to = 3)
  LoginInfo onLoginAttempt(HttpServletRequest request, String userName, boolean loginSuccessful);
}
