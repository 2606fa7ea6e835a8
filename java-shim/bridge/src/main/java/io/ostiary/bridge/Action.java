package io.ostiary.bridge;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What the host has to do. {@link #kind()} says which of the accessors hold a value. */
public final class Action {
  /** The five kinds. */
  public enum Kind {
    /** Let the request through. */
    PASS,
    /** Send {@link Action#response()}. */
    RESPOND,
    /**
     * Renew the session, sign {@link Action#user()} in, set {@link Action#cookies()}, redirect
     * (303) to {@link Action#target()}.
     */
    SIGN_IN,
    /**
     * End the session or sessions of {@link Action#signOut()}, then send {@link Action#response()}.
     */
    SIGN_OUT,
    /**
     * The engine asks for something; {@link Engine#handle(Event, Host)} answers by itself, so hosts
     * do not see this.
     */
    ASK
  }

  private final Kind kind;
  private final Json json;
  private final List<LogLine> log;
  private final Response response;
  private final Session session;

  private Action(Kind kind, Json json, List<LogLine> log, Response response, Session session) {
    this.kind = kind;
    this.json = json;
    this.log = log;
    this.response = response;
    this.session = session;
  }

  /** Reads an action of the library. */
  static Action read(byte[] bytes) {
    return of(Json.parse(bytes));
  }

  static Action of(Json json) {
    Kind kind = kind(json.text("action", ""));
    Response response = null;
    Session session = null;
    if (kind == Kind.RESPOND) {
      response = Response.read(json);
    } else if (kind == Kind.SIGN_IN) {
      session = Session.read(json.object("session"));
    } else if (kind == Kind.SIGN_OUT) {
      response = Response.read(json.object("then"));
    }
    return new Action(kind, json, LogLine.read(json), response, session);
  }

  /** A refusal that this side makes itself, when there is no engine to make it. */
  static Action refuse(int status, String code, String page, String reason) {
    List<LogLine> log = Collections.singletonList(new LogLine("error", code, reason, null));
    return new Action(
        Kind.RESPOND,
        new Json().put("code", code),
        log,
        Response.plain(status, page + "\n\nCode: " + code + "\n"),
        null);
  }

  private static Kind kind(String name) {
    switch (name) {
      case "pass":
        return Kind.PASS;
      case "respond":
        return Kind.RESPOND;
      case "sign_in":
        return Kind.SIGN_IN;
      case "sign_out":
        return Kind.SIGN_OUT;
      case "ask":
        return Kind.ASK;
      default:
        throw new IllegalStateException("the library speaks of an unknown action");
    }
  }

  /** This action, with log lines of the rounds before it put in front. */
  Action after(List<LogLine> earlier) {
    if (earlier.isEmpty()) {
      return this;
    }
    List<LogLine> all = new ArrayList<LogLine>(earlier);
    all.addAll(log);
    return new Action(kind, json, Collections.unmodifiableList(all), response, session);
  }

  Json json() {
    return json;
  }

  /** What to do. */
  public Kind kind() {
    return kind;
  }

  /** The stable code of the outcome, or null. */
  public String code() {
    return json.text("code");
  }

  /** Joins the page and the log line; or null. */
  public String correlation() {
    return json.text("correlation");
  }

  /** Lines for the host's log, of all rounds. */
  public List<LogLine> log() {
    return log;
  }

  /** For RESPOND, and what follows a SIGN_OUT; otherwise null. */
  public Response response() {
    return response;
  }

  /** For SIGN_IN: the user's name on the host; otherwise null. */
  public String user() {
    return kind == Kind.SIGN_IN ? json.text("user") : null;
  }

  /** For SIGN_IN: a path on this site, context path included; otherwise null. */
  public String target() {
    return kind == Kind.SIGN_IN ? json.text("target") : null;
  }

  /** For SIGN_IN: what to keep in the session; otherwise null. */
  public Session session() {
    return session;
  }

  /** For SIGN_IN: raw values of {@code Set-Cookie}; otherwise those of the response. */
  public List<String> cookies() {
    return kind == Kind.SIGN_IN
        ? json.texts("cookies")
        : response == null ? Collections.<String>emptyList() : response.cookies();
  }

  /** For SIGN_OUT: whose sessions end; otherwise null. */
  public SignOut signOut() {
    return kind == Kind.SIGN_OUT ? SignOut.read(json) : null;
  }

  /** Whose sessions end. */
  public static final class SignOut {
    private final NameId nameId;
    private final List<String> sessionIndexes;

    private SignOut(NameId nameId, List<String> sessionIndexes) {
      this.nameId = nameId;
      this.sessionIndexes = sessionIndexes;
    }

    private static SignOut read(Json json) {
      Json named = json.object("who");
      if (named == null) {
        return new SignOut(null, null);
      }
      return new SignOut(
          NameId.read(named.object("name_id")),
          named.has("session_indexes") ? named.texts("session_indexes") : null);
    }

    /** True when only the session of this request ends. */
    public boolean isCurrentSession() {
      return nameId == null;
    }

    /**
     * The user at the identity provider whose sessions end, or null for the session of this
     * request.
     */
    public NameId nameId() {
      return nameId;
    }

    /** Only the sessions of these indexes; null for all of the user's. */
    public List<String> sessionIndexes() {
      return sessionIndexes;
    }
  }
}
