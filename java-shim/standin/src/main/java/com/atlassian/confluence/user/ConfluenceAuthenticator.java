package com.atlassian.confluence.user;

import com.atlassian.confluence.event.events.security.LoginEvent;
import com.atlassian.event.api.EventPublisher;
import com.atlassian.seraph.auth.DefaultAuthenticator;
import com.atlassian.seraph.config.SecurityConfig;
import io.ostiary.standin.host.Callers;
import io.ostiary.standin.users.ConfluenceUsers;
import java.security.Principal;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.servlet.http.HttpSession;

/**
 * Confluence's authenticator: narrows the type of users, publishes the event of a sign-in itself.
 */
public class ConfluenceAuthenticator extends DefaultAuthenticator {

  private final ConfluenceUsers users;
  private final EventPublisher events;

  public ConfluenceAuthenticator(
      SecurityConfig config, ConfluenceUsers users, EventPublisher events) {
    super(config);
    this.users = users;
    this.events = events;
  }

  @Override
  protected ConfluenceUser getUser(String username) {
    return users.user(username);
  }

  @Override
  protected boolean authenticate(Principal user, String password) {
    return users.isPassword(user.getName(), password);
  }

  @Override
  protected boolean authoriseUserAndEstablishSession(
      HttpServletRequest request, HttpServletResponse response, Principal principal) {
    boolean authorised = super.authoriseUserAndEstablishSession(request, response, principal);
    if (authorised) {
      events.publish(
          new LoginEvent(
              this, principal.getName(), request.getSession().getId(), request.getRemoteAddr()));
    }
    return authorised;
  }

  @Override
  protected void putPrincipalInSessionContext(HttpServletRequest request, Principal principal) {
    super.putPrincipalInSessionContext(request, new ConfluenceUserPrincipal(principal.getName()));
  }

  @Override
  protected Principal getUserFromSession(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    Object there = session == null ? null : session.getAttribute(LOGGED_IN_KEY);
    if (there == null) {
      return null;
    }
    if (!(there instanceof ConfluenceUserPrincipal principal)) {
      Callers.violation("session", LOGGED_IN_KEY + " is a " + there.getClass().getName());
      return null;
    }
    return getUser(principal.getName());
  }
}
