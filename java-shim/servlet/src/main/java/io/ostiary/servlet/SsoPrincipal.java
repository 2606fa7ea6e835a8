package io.ostiary.servlet;

import io.ostiary.bridge.Session;
import java.io.Serializable;
import java.security.Principal;
import java.util.List;
import java.util.Map;

/** The user who signed in, and what the identity provider said about this person. */
public final class SsoPrincipal implements Principal, Serializable {

  private static final long serialVersionUID = 1L;

  private final String name;
  private final String json;

  /** Read only when somebody asks: most requests do not. */
  private transient volatile Session session;

  SsoPrincipal(String name, String json) {
    this.name = name;
    this.json = json;
  }

  boolean isOf(String user, String facts) {
    return name.equals(user) && json.equals(facts);
  }

  /** The user's name in this application. */
  @Override
  public String getName() {
    return name;
  }

  /** The user's name at the identity provider (SAML Core section 2.2.3). */
  public String getNameId() {
    return session().nameId().value();
  }

  /** The format of {@link #getNameId()}, or null. */
  public String getNameIdFormat() {
    return session().nameId().format();
  }

  /** The attributes of the assertion by name, each with all its values. */
  public Map<String, List<String>> getAttributes() {
    return session().attributes();
  }

  private Session session() {
    Session read = session;
    if (read == null) {
      read = Session.parse(json);
      session = read;
    }
    return read;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SsoPrincipal && ((SsoPrincipal) other).isOf(name, json);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name;
  }
}
