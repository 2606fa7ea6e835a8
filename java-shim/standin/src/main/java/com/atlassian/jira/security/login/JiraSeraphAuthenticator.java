package com.atlassian.jira.security.login;

import com.atlassian.seraph.auth.DefaultAuthenticator;
import com.atlassian.seraph.config.SecurityConfig;
import io.ostiary.standin.users.JiraUsers;
import java.security.Principal;

/** Jira's authenticator. */
public class JiraSeraphAuthenticator extends DefaultAuthenticator {

  private final JiraUsers users;

  public JiraSeraphAuthenticator(SecurityConfig config, JiraUsers users) {
    super(config);
    this.users = users;
  }

  @Override
  protected Principal getUser(String username) {
    return users.principal(username);
  }

  @Override
  protected boolean authenticate(Principal user, String password) {
    return users.isPassword(user.getName(), password);
  }
}
