package io.ostiary.bridge;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import java.util.List;
import java.util.Map;

/** One thing that happened, for {@link Engine#handle(Event, Host)}. */
public final class Event {
  private final JsonObject json;

  private Event(JsonObject json) {
    this.json = json;
  }

  /**
   * A request.
   *
   * @param method the HTTP method
   * @param url the URL as seen, without query; it serves diagnosis and redirection to the right origin
   * @param path the path inside the context
   */
  public static Request request(String method, String url, String path) {
    return new Request(method, url, path);
  }

  /** Time passes; about once a minute. */
  public static Event tick() {
    return new Event(kind("tick"));
  }

  /**
   * The host wants to sign a user out.
   *
   * @param user the user's name on the host
   * @param sessionJson {@link Session#json()} as it was kept, or null
   * @param cookies cookies of the request by name
   */
  public static Event logout(String user, String sessionJson, Map<String, String> cookies) {
    return new Event(kind("logout").add("user", Utf8.orNull(user)).add("session", parsed(sessionJson)).add("cookies", ours(cookies)));
  }

  /** Checks a configuration without taking it over. */
  public static Event checkConfig(String configJson) {
    return new Event(kind("check_config").add("config", parsed(configJson)));
  }

  /**
   * Reads metadata for a configuration page.
   *
   * @param metadataUrl where it is, or null
   * @param metadataXml the document itself, or null
   * @param entityId which entity is wanted where there are several, or null
   */
  public static Event configure(String metadataUrl, String metadataXml, String entityId) {
    JsonObject json = kind("configure");
    if (metadataUrl != null) {
      json.add("metadata_url", metadataUrl);
    } else {
      json.add("metadata_xml", Utf8.orNull(metadataXml));
    }
    return new Event(json.add("entity_id", Utf8.orNull(entityId)));
  }

  static Event answer(String resume, JsonObject result) {
    return new Event(kind("answer").add("resume", resume).add("result", result));
  }

  byte[] bytes() {
    return Utf8.bytes(json);
  }

  private static JsonObject kind(String kind) {
    return new JsonObject().add("kind", kind);
  }

  private static JsonValue parsed(String json) {
    return json == null ? Json.NULL : Json.parse(json);
  }

  private static JsonObject ours(Map<String, String> cookies) {
    JsonObject ours = new JsonObject();
    for (Map.Entry<String, String> cookie : cookies.entrySet()) {
      if (cookie.getKey().startsWith(Request.COOKIE_PREFIX)) {
        ours.add(cookie.getKey(), cookie.getValue());
      }
    }
    return ours;
  }

  /** Builds the event of a request. Only what the engine needs crosses: its own cookies and five headers. */
  public static final class Request {
    /** Cookies whose name begins so are the engine's. */
    public static final String COOKIE_PREFIX = "ostiary_";

    private static final String[] HEADERS = {"accept", "sec-fetch-mode", "sec-fetch-dest", "x-requested-with", "accept-language"};

    private final JsonObject json;
    private final JsonObject cookies = new JsonObject();
    private final JsonObject headers = new JsonObject();
    private JsonObject form;

    private Request(String method, String url, String path) {
      json = kind("request").add("method", method).add("url", url).add("path", path);
    }

    /** The header names that are passed on, in lower case. */
    public static String[] headerNames() {
      return HEADERS.clone();
    }

    /** The raw query as received, or null. */
    public Request query(String query) {
      json.set("query", Utf8.orNull(query));
      return this;
    }

    /** A parameter of an urlencoded form with all its values; any call makes the request one with a form. */
    public Request form(String name, List<String> values) {
      if (form == null) {
        form = new JsonObject();
      }
      form.set(name, Utf8.array(values));
      return this;
    }

    /** A form that could not be read: {@code too-large}, {@code not-urlencoded} or {@code in-query}. */
    public Request formProblem(String problem) {
      json.set("form_problem", Utf8.orNull(problem));
      return this;
    }

    /** A cookie; those of others are left out. */
    public Request cookie(String name, String value) {
      if (name.startsWith(COOKIE_PREFIX) && value != null) {
        cookies.set(name, value);
      }
      return this;
    }

    /** A header; all but those of {@link #headerNames()} are left out. */
    public Request header(String name, String value) {
      for (String known : HEADERS) {
        if (known.equalsIgnoreCase(name) && value != null) {
          headers.set(known, value);
        }
      }
      return this;
    }

    /** The user who is signed in, or null. */
    public Request user(String user) {
      json.set("user", Utf8.orNull(user));
      return this;
    }

    /** Whether that user is an administrator, and whether he has proved it again just now. */
    public Request admin(boolean isAdmin, boolean elevated) {
      json.set("is_admin", isAdmin).set("elevated", elevated);
      return this;
    }

    /** {@link Session#json()} as it was kept, or null. */
    public Request session(String sessionJson) {
      json.set("session", parsed(sessionJson));
      return this;
    }

    /** The event. */
    public Event build() {
      json.set("form", form == null ? Json.NULL : form).set("cookies", cookies).set("headers", headers);
      return new Event(json);
    }
  }
}
