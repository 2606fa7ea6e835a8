package com.atlassian.seraph.auth;

import java.security.Principal;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** The shape of the hosts' base class, by its real name. */
public abstract class DefaultAuthenticator {

  protected abstract Principal getUser(String name);

  protected boolean authoriseUserAndEstablishSession(
      HttpServletRequest request, HttpServletResponse response, Principal user) {
    request.getSession(true).setAttribute("seraph_defaultauthenticator_user", user);
    return true;
  }
}
