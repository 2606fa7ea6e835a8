package io.ostiary.addon;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/**
 * As much of a browser as a sign-in needs: cookies of one site, with their SameSite, and forms.
 * What another site posts carries only cookies that are SameSite=None.
 */
final class Browser {

  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  private record Cookie(String value, boolean crossSite) {}

  private final Map<String, Cookie> cookies = new LinkedHashMap<>();
  private final Map<String, String> headers = new LinkedHashMap<>();
  private final String site;

  /**
   * @param site the host's address, without context path
   */
  Browser(String site) {
    this.site = site;
  }

  /** Sends a header with every request. */
  Browser with(String name, String value) {
    headers.put(name, value);
    return this;
  }

  boolean has(String cookie) {
    return cookies.containsKey(cookie);
  }

  /** What the cookies hold. */
  List<String> secrets() {
    return cookies.values().stream().map(Cookie::value).toList();
  }

  Browser copy() {
    Browser copy = new Browser(site);
    copy.cookies.putAll(cookies);
    copy.headers.putAll(headers);
    return copy;
  }

  Answer get(String path) throws IOException {
    return send("GET", path, null, null, false);
  }

  Answer post(String path, Map<String, String> form) throws IOException {
    return send("POST", path, "application/x-www-form-urlencoded", encode(form), false);
  }

  /** Posts a form of another site. */
  Answer postFromElsewhere(String url, Map<String, String> form) throws IOException {
    return send("POST", url, "application/x-www-form-urlencoded", encode(form), true);
  }

  Answer send(String method, String path, String type, String body, boolean crossSite)
      throws IOException {
    URI uri = URI.create(site).resolve(path);
    boolean here = uri.toString().startsWith(site);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body, StandardCharsets.ISO_8859_1))
            .timeout(Duration.ofSeconds(60))
            .header("Accept", "text/html");
    if (type != null) {
      request.header("Content-Type", type);
    }
    if (here) {
      StringBuilder sent = new StringBuilder();
      cookies.forEach(
          (name, cookie) -> {
            if (!crossSite || cookie.crossSite) {
              sent.append(sent.isEmpty() ? "" : "; ").append(name).append('=').append(cookie.value);
            }
          });
      if (!sent.isEmpty()) {
        request.header("Cookie", sent.toString());
      }
      headers.forEach(request::header);
    }
    try {
      Answer answer = new Answer(HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString()));
      if (here) {
        answer.response.headers().allValues("set-cookie").forEach(this::keep);
      }
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private void keep(String header) {
    String[] pair = header.split(";", 2)[0].split("=", 2);
    String attributes = header.toLowerCase(Locale.ROOT);
    if (attributes.contains("max-age=0")
        || attributes.contains("expires=thu, 01-jan-1970")
        || attributes.contains("expires=thu, 01 jan 1970")) {
      cookies.remove(pair[0]);
    } else {
      cookies.put(pair[0], new Cookie(pair[1], attributes.contains("samesite=none")));
    }
  }

  static String encode(Map<String, String> form) {
    StringBuilder body = new StringBuilder();
    form.forEach(
        (name, value) ->
            body.append(body.isEmpty() ? "" : "&")
                .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return body.toString();
  }

  /** What came back. */
  record Answer(HttpResponse<String> response) {

    int status() {
      return response.statusCode();
    }

    String body() {
      return response.body();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse(null);
    }

    String location() {
      return header("location");
    }

    Document page() {
      return Jsoup.parse(body(), response.uri().toString());
    }

    /** The code that our pages show. */
    String code() {
      Element code = page().selectFirst("#ostiary-code, #code");
      return code == null ? null : code.text();
    }

    /** The fields of a form as a browser would send them. */
    Map<String, String> fields(String form) {
      Map<String, String> fields = new LinkedHashMap<>();
      Element found = page().selectFirst(form);
      if (found == null) {
        throw new AssertionError("no " + form + " in " + status() + " " + body());
      }
      for (Element field : found.select("input[name], textarea[name], select[name]")) {
        String type = field.attr("type");
        boolean ticks = type.equals("checkbox") || type.equals("radio");
        if (type.equals("file") || type.equals("submit") || field.hasAttr("disabled")) {
          continue;
        }
        if (!ticks || field.hasAttr("checked")) {
          fields.put(
              field.attr("name"),
              field.tagName().equals("textarea")
                  ? field.wholeText().replaceFirst("^\n", "")
                  : field.attr("value"));
        }
      }
      return fields;
    }

    @Override
    public String toString() {
      return status() + " " + location() + "\n" + body();
    }
  }
}
