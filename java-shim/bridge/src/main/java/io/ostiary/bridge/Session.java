package io.ostiary.bridge;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the host keeps in its session of a user who was signed in: logout needs it, and the
 * application may like the attributes.
 */
public final class Session {
  private final NameId nameId;
  private final String sessionIndex;
  private final Long notOnOrAfterMillis;
  private final Map<String, List<String>> attributes;
  private final String json;

  private Session(
      NameId nameId,
      String sessionIndex,
      Long notOnOrAfterMillis,
      Map<String, List<String>> attributes,
      String json) {
    this.nameId = nameId;
    this.sessionIndex = sessionIndex;
    this.notOnOrAfterMillis = notOnOrAfterMillis;
    this.attributes = attributes;
    this.json = json;
  }

  static Session read(Json session) {
    Map<String, List<String>> attributes = new LinkedHashMap<String, List<String>>();
    Json given = session.object("attributes");
    if (given != null) {
      for (String name : given.names()) {
        attributes.put(name, given.texts(name));
      }
    }
    return new Session(
        NameId.read(session.object("name_id")),
        session.text("session_index"),
        session.has("not_on_or_after_ms")
            ? Long.valueOf(session.number("not_on_or_after_ms", 0))
            : null,
        Collections.unmodifiableMap(attributes),
        session.toString());
  }

  /** Reads what {@link #json()} wrote. */
  public static Session parse(String json) {
    return read(Json.parse(json));
  }

  /** The subject's name at the identity provider. */
  public NameId nameId() {
    return nameId;
  }

  /** SessionIndex of the AuthnStatement, or null. */
  public String sessionIndex() {
    return sessionIndex;
  }

  /** When the identity provider wants the session to end (milliseconds since 1970), or null. */
  public Long notOnOrAfterMillis() {
    return notOnOrAfterMillis;
  }

  /** Attributes by name, each with all its values. */
  public Map<String, List<String>> attributes() {
    return attributes;
  }

  /** The facts as JSON: what a host stores, and hands back in events. */
  public String json() {
    return json;
  }

  /** Says nothing about the user. */
  @Override
  public String toString() {
    return "Session[" + attributes.size() + " attributes]";
  }
}
