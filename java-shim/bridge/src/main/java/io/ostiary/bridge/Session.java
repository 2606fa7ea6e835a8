package io.ostiary.bridge;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the host keeps in its session of a user who was signed in: logout needs it, and the application may like the attributes. */
public final class Session {
  private final NameId nameId;
  private final String sessionIndex;
  private final Long notOnOrAfterMillis;
  private final Map<String, List<String>> attributes;
  private final String json;

  private Session(NameId nameId, String sessionIndex, Long notOnOrAfterMillis, Map<String, List<String>> attributes, String json) {
    this.nameId = nameId;
    this.sessionIndex = sessionIndex;
    this.notOnOrAfterMillis = notOnOrAfterMillis;
    this.attributes = attributes;
    this.json = json;
  }

  static Session read(JsonObject session) {
    Map<String, List<String>> attributes = new LinkedHashMap<String, List<String>>();
    JsonObject given = Utf8.object(session, "attributes");
    if (given != null) {
      for (JsonObject.Member member : given) {
        attributes.put(member.getName(), Utf8.strings(member.getValue().asArray()));
      }
    }
    boolean ends = session.get("not_on_or_after_ms") != null && !session.get("not_on_or_after_ms").isNull();
    return new Session(
        NameId.read(Utf8.object(session, "name_id")),
        Utf8.string(session, "session_index"),
        ends ? Long.valueOf(session.getLong("not_on_or_after_ms", 0)) : null,
        Collections.unmodifiableMap(attributes),
        session.toString());
  }

  /** Reads what {@link #json()} wrote. */
  public static Session parse(String json) {
    return read(Json.parse(json).asObject());
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
