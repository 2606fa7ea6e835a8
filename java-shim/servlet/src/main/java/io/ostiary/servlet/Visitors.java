package io.ostiary.servlet;

import io.ostiary.bridge.Action;
import io.ostiary.bridge.Session;
import io.ostiary.web.Hex;
import io.ostiary.web.Log;
import io.ostiary.web.SessionFacts;
import io.ostiary.web.SessionRegistry;
import io.ostiary.web.SessionRenewal;
import io.ostiary.web.SessionSlot;
import java.util.logging.Level;
import javax.servlet.ServletContext;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpSession;

/** Who is signed in, by the container's sessions. */
final class Visitors {

  private final SessionSlot slot;
  private final SessionRegistry registry;

  Visitors(SessionSlot slot) {
    this.slot = slot;
    this.registry = new SessionRegistry(slot);
  }

  /**
   * Learns of the end of sessions at once where the container allows it; the sweep learns of it
   * anyway.
   */
  void listenTo(ServletContext context) {
    try {
      context.addListener(registry);
    } catch (IllegalStateException tooLate) {
      Log.line(
          Level.INFO,
          "this container takes no session listener from a filter; ended sessions are forgotten by the sweep");
    } catch (UnsupportedOperationException notHere) {
      Log.line(
          Level.INFO,
          "this container takes no session listener from a filter; ended sessions are forgotten by the sweep");
    }
  }

  /**
   * The sign-in of the request's session, or null. A session whose time has come (SAML Core section
   * 2.7.2) ends here.
   */
  SessionFacts signedIn(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    if (session == null) {
      return null;
    }
    try {
      SessionFacts facts = slot.read(session);
      if (facts == null) {
        return null;
      }
      if (facts.notOnOrAfterMillis() <= System.currentTimeMillis()) {
        end(session);
        return null;
      }
      registry.register(session, facts);
      return facts;
    } catch (IllegalStateException endedMeanwhile) {
      return null;
    }
  }

  /**
   * Signs a user in under a new session id. What somebody else left in the session does not come
   * along.
   */
  void signIn(HttpServletRequest request, String user, Session given) {
    HttpSession old = request.getSession(false);
    boolean somebodyElses = false;
    if (old != null) {
      SessionFacts before = slot.read(old);
      somebodyElses = before != null && !before.user().equals(user);
      registry.forget(slot.tokenOf(old));
    }
    HttpSession session =
        somebodyElses ? SessionRenewal.startOver(request, old) : SessionRenewal.renew(request);
    registry.signIn(session, user, given);
  }

  /** Ends the session of the request, or those of a NameID wherever the request comes from. */
  void signOut(HttpServletRequest request, Action.SignOut who) {
    if (!who.isCurrentSession()) {
      registry.end(Hex.sha256(who.nameId().value()), who.sessionIndexes());
      return;
    }
    HttpSession session = request.getSession(false);
    if (session != null) {
      end(session);
    }
  }

  /**
   * The application itself signs its user out ({@code HttpServletRequest.logout}); the session and
   * what else is in it stay.
   */
  void leave(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    if (session != null) {
      registry.forget(slot.tokenOf(session));
      slot.clear(session);
    }
  }

  private void end(HttpSession session) {
    registry.forget(slot.tokenOf(session));
    SessionRegistry.invalidate(session);
  }

  /** Ends sessions whose time has come though nobody asks for them. */
  void sweep() {
    registry.sweep(System.currentTimeMillis());
  }

  void forgetAll() {
    registry.clear();
  }
}
