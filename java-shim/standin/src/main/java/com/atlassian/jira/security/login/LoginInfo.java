package com.atlassian.jira.security.login;

/** When a user signed in. */
public interface LoginInfo {

  Long getLastLoginTime();

  Long getLoginCount();

  Long getTotalFailedLoginCount();
}
