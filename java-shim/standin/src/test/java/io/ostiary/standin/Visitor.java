package io.ostiary.standin;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** A browser without scripts: keeps cookies, follows no redirects. */
final class Visitor {

  private final String base;
  private final CookieManager cookies = new CookieManager();
  private final HttpClient client = HttpClient.newBuilder().cookieHandler(cookies).build();

  Visitor(StandIn host) {
    // Java's cookie jar takes an address more readily than the name localhost.
    this.base = host.url().replace("localhost", "127.0.0.1");
  }

  HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  /** Posts form fields, given as name, value, name, value. */
  HttpResponse<String> post(String path, String... fields)
      throws IOException, InterruptedException {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < fields.length; i += 2) {
      body.append(i == 0 ? "" : "&")
          .append(encoded(fields[i]))
          .append('=')
          .append(encoded(fields[i + 1]));
    }
    return send(
        HttpRequest.newBuilder(URI.create(base + path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body.toString())));
  }

  HttpResponse<String> json(String method, String path, String body)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(base + path))
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body)));
  }

  /** Signs in with the password form of either product. */
  HttpResponse<String> signIn(String name, String... more)
      throws IOException, InterruptedException {
    String[] fields = new String[4 + more.length];
    System.arraycopy(new String[] {"os_username", name, "os_password", "sesame"}, 0, fields, 0, 4);
    System.arraycopy(more, 0, fields, 4, more.length);
    return post(isJira() ? "/login.jsp" : "/dologin.action", fields);
  }

  /** Uploads a jar by REST as the user who is signed in. */
  HttpResponse<String> upload(byte[] jar, String signature)
      throws IOException, InterruptedException {
    String token = get("/rest/plugins/1.0/").headers().firstValue("upm-token").orElse("none");
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    part(body, "plugin", jar);
    if (signature != null) {
      part(body, "signature", signature.getBytes(StandardCharsets.US_ASCII));
    }
    body.write("--edge--\r\n".getBytes(StandardCharsets.US_ASCII));
    return send(
        HttpRequest.newBuilder(URI.create(base + "/rest/plugins/1.0/?token=" + token))
            .header("Content-Type", "multipart/form-data; boundary=edge")
            .POST(BodyPublishers.ofByteArray(body.toByteArray())));
  }

  /** What the stand-in says under {@code /standin/}. */
  JsonElement ask(String what) throws IOException, InterruptedException {
    return JsonParser.parseString(get("/standin/" + what).body());
  }

  void flip(String name, String value) throws IOException, InterruptedException {
    post("/standin/switches", "name", name, "value", value);
  }

  String cookie(String name) {
    return cookies.getCookieStore().getCookies().stream()
        .filter(cookie -> cookie.getName().equals(name))
        .map(HttpCookie::getValue)
        .findFirst()
        .orElse(null);
  }

  void drop(String cookieName) {
    cookies.getCookieStore().getCookies().stream()
        .filter(cookie -> cookie.getName().equals(cookieName))
        .toList()
        .forEach(cookie -> cookies.getCookieStore().remove(null, cookie));
  }

  static String location(HttpResponse<String> response) {
    return response.headers().firstValue("Location").orElse(null);
  }

  private boolean isJira() throws IOException, InterruptedException {
    return ask("about").getAsJsonObject().get("profile").getAsString().startsWith("jira");
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private static void part(ByteArrayOutputStream body, String name, byte[] content)
      throws IOException {
    body.write(
        ("--edge\r\nContent-Disposition: form-data; name=\""
                + name
                + "\"; filename=\""
                + name
                + "\"\r\nContent-Type: application/octet-stream\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    body.write(content);
    body.write("\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
