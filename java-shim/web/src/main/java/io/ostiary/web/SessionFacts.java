package io.ostiary.web;

/** What a session remembers of the sign-in. */
public final class SessionFacts {

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
   * @param notOnOrAfterMillis SessionNotOnOrAfter (SAML Core section 2.7.2), {@link Long#MAX_VALUE}
   *     for none
   */
  public SessionFacts(
      String token,
      String user,
      String json,
      String nameIdHash,
      String sessionIndex,
      long notOnOrAfterMillis) {
    this.token = token;
    this.user = user;
    this.json = json;
    this.nameIdHash = nameIdHash;
    this.sessionIndex = sessionIndex;
    this.notOnOrAfterMillis = notOnOrAfterMillis;
  }

  public String token() {
    return token;
  }

  public String user() {
    return user;
  }

  public String json() {
    return json;
  }

  /**
   * SHA-256 of the NameID's value. One application has one identity provider, so the value alone
   * names the person; formats and qualifiers are often left out of a LogoutRequest.
   */
  public String nameIdHash() {
    return nameIdHash;
  }

  public String sessionIndex() {
    return sessionIndex;
  }

  public long notOnOrAfterMillis() {
    return notOnOrAfterMillis;
  }

  @Override
  public String toString() {
    return "SessionFacts of " + user;
  }
}
