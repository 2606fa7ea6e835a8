package io.ostiary.web;

import java.io.File;
import java.io.IOException;
import javax.servlet.http.HttpSession;

/**
 * Where in a session the facts of a sign-in are kept, as attributes of {@code java.lang} types
 * only: containers store sessions, send them to other nodes, and keep them longer than the class
 * loader of the application.
 *
 * <p>Each configuration has a slot of its own. Two filters in one application may belong to two
 * tenants, and neither must take the other's users.
 */
public final class SessionSlot {

  private final String token;
  private final String user;
  private final String facts;
  private final String nameId;
  private final String sessionIndex;
  private final String notOnOrAfter;

  public SessionSlot(String name) {
    String prefix = "io.ostiary." + name + ".";
    token = prefix + "token";
    user = prefix + "user";
    facts = prefix + "facts";
    nameId = prefix + "name_id";
    sessionIndex = prefix + "session_index";
    notOnOrAfter = prefix + "not_on_or_after";
  }

  /** The slot of a configuration file, the same after a restart. */
  public static SessionSlot of(File config) {
    return new SessionSlot(
        config == null ? "none" : Hex.sha256(canonical(config)).substring(0, 16));
  }

  private static String canonical(File file) {
    try {
      return file.getCanonicalPath();
    } catch (IOException e) {
      return file.getAbsolutePath();
    }
  }

  /** Reads the facts of a session, or gives null when nobody has signed in there. */
  public SessionFacts read(HttpSession session) {
    Object who = session.getAttribute(user);
    Object named = session.getAttribute(token);
    Object json = session.getAttribute(facts);
    Object hash = session.getAttribute(nameId);
    Object until = session.getAttribute(notOnOrAfter);
    if (!(who instanceof String
        && named instanceof String
        && json instanceof String
        && hash instanceof String
        && until instanceof Long)) {
      return null;
    }
    Object index = session.getAttribute(sessionIndex);
    return new SessionFacts(
        (String) named,
        (String) who,
        (String) json,
        (String) hash,
        (String) index,
        ((Long) until).longValue());
  }

  /**
   * Writes the facts into a session. The user comes last: a half-written session is not signed in.
   */
  public void write(HttpSession session, SessionFacts signedIn) {
    session.setAttribute(token, signedIn.token());
    session.setAttribute(facts, signedIn.json());
    session.setAttribute(nameId, signedIn.nameIdHash());
    if (signedIn.sessionIndex() == null) {
      session.removeAttribute(sessionIndex);
    } else {
      session.setAttribute(sessionIndex, signedIn.sessionIndex());
    }
    session.setAttribute(notOnOrAfter, Long.valueOf(signedIn.notOnOrAfterMillis()));
    session.setAttribute(user, signedIn.user());
  }

  /** Takes the facts out of a session that goes on without a user. The user goes first. */
  public void clear(HttpSession session) {
    for (String attribute : new String[] {user, token, facts, nameId, sessionIndex, notOnOrAfter}) {
      session.removeAttribute(attribute);
    }
  }

  public Object tokenOf(HttpSession session) {
    return session.getAttribute(token);
  }
}
