package io.ostiary.web;

import io.ostiary.bridge.Session;
import java.security.SecureRandom;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import javax.servlet.http.HttpSession;
import javax.servlet.http.HttpSessionEvent;
import javax.servlet.http.HttpSessionListener;

/**
 * Knows which sessions belong to which NameID on this node.
 *
 * <p>A logout by the identity provider mostly arrives in a frame of another site, without the
 * session cookie. So the sessions are found by the NameID that the LogoutRequest names (SAML
 * Profiles section 4.4.3.1), not by the request that carries it.
 *
 * <p>A session is known by a random token in an attribute of its own, because a host may change
 * session ids at any time.
 */
public final class SessionRegistry implements HttpSessionListener {

  private static final class Entry {
    final HttpSession session;
    final String nameIdHash;
    final String sessionIndex;
    final long notOnOrAfterMillis;

    Entry(HttpSession session, SessionFacts facts) {
      this.session = session;
      this.nameIdHash = facts.nameIdHash();
      this.sessionIndex = facts.sessionIndex();
      this.notOnOrAfterMillis = facts.notOnOrAfterMillis();
    }
  }

  private final ConcurrentMap<String, Entry> byToken = new ConcurrentHashMap<String, Entry>();
  private final SecureRandom random = new SecureRandom();
  private final SessionSlot slot;

  public SessionRegistry(SessionSlot slot) {
    this.slot = slot;
  }

  /** Makes a token for a session that is about to be registered. */
  public String newToken() {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    return Hex.of(bytes);
  }

  /**
   * Keeps a new sign-in in its session, and remembers the session.
   *
   * @param user the host's name of the user
   * @param given what the identity provider said of the session
   */
  public void signIn(HttpSession session, String user, Session given) {
    long until =
        given.notOnOrAfterMillis() == null
            ? Long.MAX_VALUE
            : given.notOnOrAfterMillis().longValue();
    SessionFacts facts =
        new SessionFacts(
            newToken(),
            user,
            given.json(),
            Hex.sha256(given.nameId().value()),
            given.sessionIndex(),
            until);
    slot.write(session, facts);
    register(session, facts);
  }

  /**
   * Remembers a signed-in session. Every request calls this: a session that the container kept over
   * a restart, or stored away, comes back with its first request, perhaps as another object. Until
   * then a logout by the identity provider cannot find it.
   */
  public void register(HttpSession session, SessionFacts facts) {
    Entry known = byToken.get(facts.token());
    if (known == null || known.session != session) {
      byToken.put(facts.token(), new Entry(session, facts));
    }
  }

  /** Forgets a session that goes on without its user. */
  public void forget(Object token) {
    if (token != null) {
      byToken.remove(token);
    }
  }

  /**
   * Ends the sessions of a NameID.
   *
   * @param nameIdHash see {@link SessionFacts#nameIdHash()}
   * @param sessionIndexes only sessions with one of these SessionIndex values, or with none; null
   *     ends all (SAML Core section 3.7.3.1)
   * @return how many sessions were ended
   */
  public int end(String nameIdHash, List<String> sessionIndexes) {
    int ended = 0;
    for (Map.Entry<String, Entry> known : byToken.entrySet()) {
      Entry entry = known.getValue();
      boolean named =
          sessionIndexes == null
              || entry.sessionIndex == null
              || sessionIndexes.contains(entry.sessionIndex);
      if (named && entry.nameIdHash.equals(nameIdHash) && byToken.remove(known.getKey(), entry)) {
        invalidate(entry.session);
        ended++;
      }
    }
    return ended;
  }

  /**
   * Ends the sessions whose SessionNotOnOrAfter has come, and forgets those that the container has
   * ended unseen.
   */
  public void sweep(long nowMillis) {
    for (Iterator<Entry> entries = byToken.values().iterator(); entries.hasNext(); ) {
      Entry entry = entries.next();
      if (entry.notOnOrAfterMillis <= nowMillis) {
        entries.remove();
        invalidate(entry.session);
      } else if (!isAlive(entry.session)) {
        entries.remove();
      }
    }
  }

  public int size() {
    return byToken.size();
  }

  /**
   * Forgets everything and ends nothing: the application stops, and the container may keep its
   * sessions.
   */
  public void clear() {
    byToken.clear();
  }

  @Override
  public void sessionCreated(HttpSessionEvent event) {
    // A session is ours only once somebody has signed in.
  }

  @Override
  public void sessionDestroyed(HttpSessionEvent event) {
    try {
      forget(slot.tokenOf(event.getSession()));
    } catch (IllegalStateException alreadyClosed) {
      // Some containers tell only afterwards; the next sweep finds it.
      return;
    }
  }

  /** Ends a session that may have ended already. */
  public static void invalidate(HttpSession session) {
    try {
      session.invalidate();
    } catch (IllegalStateException alreadyEnded) {
      // The servlet API has no other way to ask, and another thread may be first.
      return;
    }
  }

  private static boolean isAlive(HttpSession session) {
    try {
      session.getCreationTime();
      return true;
    } catch (IllegalStateException ended) {
      return false;
    }
  }
}
