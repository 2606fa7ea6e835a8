package io.ostiary.atlassian;

import io.ostiary.bridge.Action;
import io.ostiary.bridge.Session;
import io.ostiary.web.Hex;
import io.ostiary.web.SessionFacts;
import io.ostiary.web.SessionRegistry;
import io.ostiary.web.SessionRenewal;
import io.ostiary.web.SessionSlot;
import java.security.Principal;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.servlet.http.HttpSession;

/**
 * Who is signed in, by the attributes of the session alone: before the host's own security filter
 * nobody else may be asked, and its authenticator would sign somebody in only by being asked.
 */
final class Sessions {

  private static final String USER = "seraph_defaultauthenticator_user";
  private static final String USER_NAME = "seraph_defaultauthenticator_user_id";

  private final SessionSlot slot = new SessionSlot("addon");
  private final SessionRegistry registry = new SessionRegistry(slot);

  /** The name of the user who is signed in on the host, however that was; or null. */
  String user(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    return session == null ? null : user(session);
  }

  private static String user(HttpSession session) {
    try {
      Object principal = session.getAttribute(USER);
      if (principal instanceof Principal) {
        return ((Principal) principal).getName();
      }
      Object name = session.getAttribute(USER_NAME);
      return name instanceof String ? (String) name : null;
    } catch (IllegalStateException ended) {
      return null;
    }
  }

  /** The facts of the sign-in that this session belongs to, or null. Remembers the session. */
  SessionFacts facts(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    if (session == null) {
      return null;
    }
    try {
      SessionFacts facts = slot.read(session);
      if (facts == null || !facts.user().equals(user(session))) {
        return null;
      }
      registry.register(session, facts);
      return facts;
    } catch (IllegalStateException ended) {
      return null;
    }
  }

  /**
   * Signs a user in through the host, under a new session id, and keeps what logout needs. What
   * somebody else left in the session does not come along.
   *
   * @return false when the host refuses
   */
  boolean signIn(
      Seraph seraph,
      Principal user,
      Session given,
      HttpServletRequest request,
      HttpServletRequest towards,
      HttpServletResponse response)
      throws HostException {
    HttpSession old = request.getSession(false);
    String oldId = old == null ? null : old.getId();
    if (old != null) {
      registry.forget(slot.tokenOf(old));
      String before = user(old);
      if (before != null && !before.equals(user.getName())) {
        SessionRegistry.invalidate(old);
      }
    }
    if (!seraph.signIn(user, towards, response)) {
      return false;
    }
    HttpSession session = request.getSession(true);
    if (session.getId().equals(oldId)) {
      session = SessionRenewal.renew(request);
    }
    registry.signIn(session, user.getName(), given);
    return true;
  }

  /** Ends the sessions of a NameID, wherever the request comes from. */
  int end(Action.SignOut who) {
    return registry.end(Hex.sha256(who.nameId().value()), who.sessionIndexes());
  }

  /** The host has signed its user out, and its session goes on: nothing of the user stays in it. */
  void leave(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    if (session != null) {
      try {
        registry.forget(slot.tokenOf(session));
        slot.clear(session);
      } catch (IllegalStateException ended) {
        return;
      }
    }
  }

  /** Ends the session of this request. */
  void endCurrent(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    if (session != null) {
      try {
        registry.forget(slot.tokenOf(session));
      } catch (IllegalStateException endedAlready) {
        return;
      }
      SessionRegistry.invalidate(session);
    }
  }

  void sweep() {
    registry.sweep(System.currentTimeMillis());
  }

  void forgetAll() {
    registry.clear();
  }
}
