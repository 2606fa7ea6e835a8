package io.ostiary.bridge;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** An HTTP response that the host should send as it stands. */
public final class Response {
  private final int status;
  private final List<Header> headers;
  private final List<String> cookies;
  private final String body;

  Response(int status, List<Header> headers, List<String> cookies, String body) {
    this.status = status;
    this.headers = headers;
    this.cookies = cookies;
    this.body = body;
  }

  static Response read(Json json) {
    List<Header> headers = new ArrayList<Header>();
    for (List<String> pair : json.rows("headers")) {
      headers.add(new Header(pair.get(0), pair.get(1)));
    }
    return new Response(
        json.integer("status", 500),
        Collections.unmodifiableList(headers),
        json.texts("cookies"),
        json.text("body", ""));
  }

  /** The page of a host that has no engine to ask. */
  static Response plain(int status, String text) {
    List<Header> headers = new ArrayList<Header>();
    headers.add(new Header("Content-Type", "text/plain; charset=utf-8"));
    headers.add(new Header("Cache-Control", "no-store"));
    return new Response(
        status, Collections.unmodifiableList(headers), Collections.<String>emptyList(), text);
  }

  /** A redirect that the browser follows with GET. */
  static Response seeOther(String location, List<String> cookies) {
    List<Header> headers = new ArrayList<Header>();
    headers.add(new Header("Location", location));
    headers.add(new Header("Cache-Control", "no-store"));
    return new Response(303, Collections.unmodifiableList(headers), cookies, "");
  }

  /** The status. */
  public int status() {
    return status;
  }

  /** Headers in order, without {@code Set-Cookie}. */
  public List<Header> headers() {
    return headers;
  }

  /** Raw values of {@code Set-Cookie}. */
  public List<String> cookies() {
    return cookies;
  }

  /** The body, to be sent in UTF-8; may be empty. */
  public String body() {
    return body;
  }

  /** The value of {@code Location}, or null. */
  public String location() {
    for (Header header : headers) {
      if (header.name().equalsIgnoreCase("Location")) {
        return header.value();
      }
    }
    return null;
  }

  /** One header. */
  public static final class Header {
    private final String name;
    private final String value;

    Header(String name, String value) {
      this.name = name;
      this.value = value;
    }

    /** The name. */
    public String name() {
      return name;
    }

    /** The value. */
    public String value() {
      return value;
    }
  }
}
