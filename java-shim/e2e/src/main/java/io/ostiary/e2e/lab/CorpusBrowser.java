package io.ostiary.e2e.lab;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** A browser with its cookies, which plays one case of a corpus. */
final class CorpusBrowser {

  private final int port;
  private final String page;
  private final Function<Http.Answer, String> user;
  private final Map<String, String> cookies = new TreeMap<>();
  private String header = "";

  /** How long the last answer took. */
  private double millis;

  /**
   * @param port where the host listens on this machine
   * @param page the path of a page that tells who is signed in
   * @param user reads the name off that page; null when it is nobody's
   */
  CorpusBrowser(int port, String page, Function<Http.Answer, String> user) {
    this.port = port;
    this.page = page;
    this.user = user;
  }

  /** Sends this header with every request. */
  CorpusBrowser with(String line) {
    header += "\r\n" + line;
    return this;
  }

  /** Plays the case. */
  CorpusCase.Seen see(CorpusCase played) throws IOException {
    switch (played.kind()) {
      case RESPONSE:
        String relayState = played.attempt() ? start() : null;
        return seen(null, () -> consume(played.message(), relayState));
      case REDIRECT_LOGOUT_RESPONSE:
        String leaving = signedInBy(played);
        get(CorpusCase.SIGN_OUT);
        return seen(leaving, () -> get(CorpusCase.SIGN_OUT + "?" + played.message()));
      default:
        String before = signedInBy(played);
        return seen(before, () -> get(CorpusCase.SIGN_OUT + "?" + played.message()));
    }
  }

  private String signedInBy(CorpusCase played) throws IOException {
    consume(played.setup(), start());
    String name = user();
    if (name == null) {
      throw new IOException("nobody is signed in who could be signed out");
    }
    return name;
  }

  /** Starts a sign-in and tells the RelayState; null when none was started. */
  private String start() throws IOException {
    return CorpusCase.relayState(
        get(CorpusCase.SIGN_ON + "?" + CorpusCase.START).header("location"));
  }

  private Http.Answer consume(String response, String relayState) throws IOException {
    Map<String, String> form = new TreeMap<>();
    form.put("SAMLResponse", response);
    if (relayState != null) {
      form.put("RelayState", relayState);
    }
    return post(CorpusCase.SIGN_ON, form);
  }

  Http.Answer post(String path, Map<String, String> form) throws IOException {
    StringBuilder body = new StringBuilder();
    form.forEach(
        (name, value) ->
            body.append(body.isEmpty() ? "" : "&")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return send("POST " + path, "application/x-www-form-urlencoded", body.toString());
  }

  Http.Answer get(String target) throws IOException {
    return exchange("GET " + target + " HTTP/1.1\r\nAccept: text/html", "");
  }

  /** Sends a body, octet by octet. */
  Http.Answer send(String methodAndPath, String type, String body) throws IOException {
    return exchange(
        methodAndPath
            + " HTTP/1.1\r\nContent-Type: "
            + type
            + "\r\nContent-Length: "
            + body.length(),
        body);
  }

  private Http.Answer exchange(String head, String body) throws IOException {
    StringBuilder request = new StringBuilder(head).append(header);
    request.append("\r\nHost: localhost\r\nConnection: close\r\nCookie: ");
    cookies.forEach((name, value) -> request.append(name).append('=').append(value).append("; "));
    request.append("\r\n\r\n").append(body);
    long start = System.nanoTime();
    Http.Answer answer = Http.send(port, request.toString());
    millis = (System.nanoTime() - start) / 1e6;
    for (String cookie : answer.all("set-cookie")) {
      int equals = cookie.indexOf('=');
      cookies.put(cookie.substring(0, equals), cookie.substring(equals + 1, cookie.indexOf(';')));
    }
    return answer;
  }

  /** Who is signed in, or null. */
  private String user() throws IOException {
    return user.apply(get(page));
  }

  private CorpusCase.Seen seen(String before, Message message) throws IOException {
    Http.Answer answer = message.send();
    double took = millis;
    List<String> forgotten = new ArrayList<>();
    for (String cookie : answer.all("set-cookie")) {
      if (cookie.startsWith("ostiary_") && cookie.contains("Max-Age=0;")) {
        forgotten.add(cookie.substring(0, cookie.indexOf('=')));
      }
    }
    return new CorpusCase.Seen(
        answer.status(),
        CorpusCase.code(answer.body()),
        before,
        user(),
        String.join(",", forgotten),
        took);
  }

  /** Sends the message that is judged. */
  private interface Message {
    Http.Answer send() throws IOException;
  }
}
