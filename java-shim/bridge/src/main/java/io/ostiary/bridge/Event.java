package io.ostiary.bridge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One thing that happened, for {@link Engine#handle(Event, Host)}. */
public final class Event {
  private final Json json;

  private Event(Json json) {
    this.json = json;
  }

  /**
   * A request.
   *
   * @param method the HTTP method
   * @param url the URL as seen, without query; it serves diagnosis and redirection to the right
   *     origin
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
    return new Event(
        kind("logout")
            .put("user", user)
            .put("session", parsed(sessionJson))
            .put("cookies", ours(cookies)));
  }

  /** Checks a configuration without taking it over. */
  public static Event checkConfig(String configJson) {
    Json event = kind("check_config");
    try {
      return new Event(event.put("config", parsed(configJson)));
    } catch (IllegalArgumentException notJson) {
      return new Event(event.put("config", configJson)); // the engine says what is wrong with it
    }
  }

  /**
   * Reads metadata for a configuration page.
   *
   * @param metadataUrl where it is, or null
   * @param metadataXml the document itself, or null
   * @param entityId which entity is wanted where there are several, or null
   */
  public static Event configure(String metadataUrl, String metadataXml, String entityId) {
    Json json = kind("configure");
    if (metadataUrl != null) {
      json.put("metadata_url", metadataUrl);
    } else {
      json.put("metadata_xml", metadataXml);
    }
    return new Event(json.put("entity_id", entityId));
  }

  /**
   * What an administrator of an add-on does, after the host checked who it is.
   *
   * @param method the HTTP method
   * @param path which servlet below {@code /plugins/servlet/ostiary/}: {@code configure}, {@code
   *     settings}, {@code support} or {@code certificate}
   * @param user the administrator's name
   */
  public static Admin admin(String method, String path, String user) {
    return new Admin(method, path, user);
  }

  static Event answer(String resume, Json result) {
    return new Event(kind("answer").put("resume", resume).put("result", result));
  }

  byte[] bytes() {
    return json.bytes();
  }

  private static Json kind(String kind) {
    return new Json().put("kind", kind);
  }

  private static Json parsed(String json) {
    return json == null ? null : Json.parse(json);
  }

  private static Json ours(Map<String, String> cookies) {
    Json ours = new Json();
    for (Map.Entry<String, String> cookie : cookies.entrySet()) {
      if (cookie.getKey().startsWith(Request.COOKIE_PREFIX)) {
        ours.put(cookie.getKey(), cookie.getValue());
      }
    }
    return ours;
  }

  /** Builds the event of an administrator. */
  public static final class Admin {
    /** A larger body is not read. */
    public static final int MAX_BODY_BYTES = 2 * 1024 * 1024;

    private final Json json;
    private final List<String> problems = new ArrayList<String>();
    private Json form;

    private Admin(String method, String path, String user) {
      json = kind("admin").put("method", method).put("path", path).put("user", user);
    }

    /** The raw query, or null. */
    public Admin query(String query) {
      json.put("query", query);
      return this;
    }

    /** A parameter of an urlencoded form with all its values. */
    public Admin form(String name, List<String> values) {
      if (form == null) {
        form = new Json();
      }
      form.put(name, values);
      return this;
    }

    /** A multipart form as it came. */
    public Admin upload(String contentType, byte[] body) {
      Json upload = new Json();
      upload.put("content_type", contentType).put("body", Base64Text.encode(body));
      json.put("upload", upload);
      return this;
    }

    /** The text of a JSON body, and the header {@code If-Match} or null. */
    public Admin document(String text, String ifMatch) {
      json.put("json", text).put("if_match", ifMatch);
      return this;
    }

    /** The token that the forms of the page bring back. */
    public Admin xsrf(String name, String value) {
      json.put("xsrf", new Json().put("name", name).put("value", value));
      return this;
    }

    /** Where the host saw the request. */
    public Admin seen(String scheme, String host, int port) {
      json.put("seen", new Json().put("scheme", scheme).put("host", host).put("port", port));
      return this;
    }

    /** A sentence for the page. */
    public Admin problem(String sentence) {
      problems.add(sentence);
      return this;
    }

    /** The event. */
    public Event build() {
      return new Event(json.put("form", form).put("problems", problems));
    }
  }

  /**
   * Builds the event of a request. Only what the engine needs crosses: its own cookies and a few
   * headers.
   */
  public static final class Request {
    /** Cookies whose name begins so are the engine's. */
    public static final String COOKIE_PREFIX = "ostiary_";

    private static final String[] HEADERS = {
      "accept",
      "accept-language",
      "sec-fetch-dest",
      "sec-fetch-mode",
      "sec-fetch-site",
      "x-requested-with"
    };

    private final Json json;
    private final Json cookies = new Json();
    private final Json headers = new Json();
    private Json form;

    private Request(String method, String url, String path) {
      json = kind("request").put("method", method).put("url", url).put("path", path);
    }

    /** The header names that are passed on, in lower case. */
    public static String[] headerNames() {
      return HEADERS.clone();
    }

    /** The raw query as received, or null. */
    public Request query(String query) {
      json.put("query", query);
      return this;
    }

    /**
     * A parameter of an urlencoded form with all its values; any call makes the request one with a
     * form.
     */
    public Request form(String name, List<String> values) {
      if (form == null) {
        form = new Json();
      }
      form.put(name, values);
      return this;
    }

    /**
     * A form that could not be read: {@code too-large}, {@code not-urlencoded} or {@code in-query}.
     */
    public Request formProblem(String problem) {
      json.put("form_problem", problem);
      return this;
    }

    /** A cookie; those of others are left out. */
    public Request cookie(String name, String value) {
      if (name.startsWith(COOKIE_PREFIX) && value != null) {
        cookies.put(name, value);
      }
      return this;
    }

    /** A header; all but those of {@link #headerNames()} are left out. */
    public Request header(String name, String value) {
      for (String known : HEADERS) {
        if (known.equalsIgnoreCase(name) && value != null) {
          headers.put(known, value);
        }
      }
      return this;
    }

    /** The user who is signed in, or null. */
    public Request user(String user) {
      json.put("user", user);
      return this;
    }

    /** Whether that user is an administrator, and whether he has proved it again just now. */
    public Request admin(boolean isAdmin, boolean elevated) {
      json.put("is_admin", isAdmin).put("elevated", elevated);
      return this;
    }

    /** {@link Session#json()} as it was kept, or null. */
    public Request session(String sessionJson) {
      json.put("session", parsed(sessionJson));
      return this;
    }

    /** The event. */
    public Event build() {
      json.put("form", form).put("cookies", cookies).put("headers", headers);
      return new Event(json);
    }
  }
}
