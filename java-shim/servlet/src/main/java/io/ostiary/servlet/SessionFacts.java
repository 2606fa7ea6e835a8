package io.ostiary.servlet;

import javax.servlet.http.HttpSession;

/**
 * What a session remembers of the sign-in, as attributes of {@code java.lang} types only: containers store sessions, send them to other nodes and
 * outlive the class loader of the application.
 */
final class SessionFacts {

  private static final String PREFIX = "io.ostiary.";
  private static final String TOKEN = PREFIX + "token";
  private static final String USER = PREFIX + "user";
  private static final String FACTS = PREFIX + "facts";
  private static final String NAME_ID = PREFIX + "name_id";
  private static final String SESSION_INDEX = PREFIX + "session_index";
  private static final String NOT_ON_OR_AFTER = PREFIX + "not_on_or_after";

  private final String token;
  private final String user;
  private final String json;
  private final String nameIdHash;
  private final String sessionIndex;
  private final long notOnOrAfterMillis;

  /**
   * @param token names the session in the registry
   * @param user the user's name in this application
   * @param json the session facts as the engine gave them
   * @param nameIdHash see {@link #nameIdHash()}
   * @param sessionIndex the SessionIndex of the AuthnStatement, may be null
   * @param notOnOrAfterMillis SessionNotOnOrAfter (SAML Core section 2.7.2), {@link Long#MAX_VALUE} for none
   */
  SessionFacts(String token, String user, String json, String nameIdHash, String sessionIndex, long notOnOrAfterMillis) {
    this.token = token;
    this.user = user;
    this.json = json;
    this.nameIdHash = nameIdHash;
    this.sessionIndex = sessionIndex;
    this.notOnOrAfterMillis = notOnOrAfterMillis;
  }

  /** Reads the facts of a session, or gives null when nobody has signed in there. */
  static SessionFacts read(HttpSession session) {
    Object token = session.getAttribute(TOKEN);
    Object user = session.getAttribute(USER);
    Object facts = session.getAttribute(FACTS);
    Object nameId = session.getAttribute(NAME_ID);
    Object until = session.getAttribute(NOT_ON_OR_AFTER);
    if (!(token instanceof String && user instanceof String && facts instanceof String && nameId instanceof String && until instanceof Long)) {
      return null;
    }
    Object index = session.getAttribute(SESSION_INDEX);
    return new SessionFacts((String) token, (String) user, (String) facts, (String) nameId, (String) index, ((Long) until).longValue());
  }

  /** Writes the facts into a session. The user comes last: a half-written session is not signed in. */
  void write(HttpSession session) {
    session.setAttribute(TOKEN, token);
    session.setAttribute(FACTS, json);
    session.setAttribute(NAME_ID, nameIdHash);
    if (sessionIndex == null) {
      session.removeAttribute(SESSION_INDEX);
    } else {
      session.setAttribute(SESSION_INDEX, sessionIndex);
    }
    session.setAttribute(NOT_ON_OR_AFTER, Long.valueOf(notOnOrAfterMillis));
    session.setAttribute(USER, user);
  }

  static Object tokenOf(HttpSession session) {
    return session.getAttribute(TOKEN);
  }

  String token() {
    return token;
  }

  String user() {
    return user;
  }

  String json() {
    return json;
  }

  /**
   * SHA-256 of the NameID's value. One application has one identity provider, so the value alone names the person; formats and qualifiers are
   * often left out of a LogoutRequest.
   */
  String nameIdHash() {
    return nameIdHash;
  }

  String sessionIndex() {
    return sessionIndex;
  }

  long notOnOrAfterMillis() {
    return notOnOrAfterMillis;
  }

  @Override
  public String toString() {
    return "SessionFacts of " + user;
  }
}
