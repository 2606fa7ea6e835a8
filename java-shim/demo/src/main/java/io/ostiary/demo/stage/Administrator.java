package io.ostiary.demo.stage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/**
 * A host's system administrator at the browser: signs in with the password, uploads the add-on in
 * <i>Manage apps</i>, presses <i>Configure</i>, pastes the Metadata URL, presses <i>Resolve</i> and
 * <i>Save</i>.
 */
final class Administrator {
  static final String NAME = "admin";
  static final String PASSWORD = "sesame";
  static final String MANAGE_APPS = "/plugins/servlet/upm";
  private static final int MOST_REDIRECTS = 5;
  private static final String BOUNDARY = "ostiary-demo-boundary";

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .cookieHandler(new CookieManager())
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final String host;

  /**
   * @param host the host's base URL
   */
  Administrator(String host) {
    this.host = host;
  }

  /** What the login page's script sends. */
  void signIn() throws IOException, InterruptedException {
    String credentials =
        "{\"username\":\"%s\",\"password\":\"%s\",\"targetUrl\":\"/\"}".formatted(NAME, PASSWORD);
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create(host + "/rest/tsv/1.0/authenticate"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(credentials))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException("the administrator cannot sign in: " + answer.body());
    }
  }

  /** Uploads the add-on; the address of its <i>Configure</i> button. */
  String install(Path jar) throws IOException, InterruptedException {
    Document page = open(host + MANAGE_APPS);
    Element sudo = page.selectFirst("input[type=password]");
    if (sudo != null) {
      Element form = sudo.closest("form");
      Map<String, String> fields = fields(form);
      fields.put(sudo.attr("name"), PASSWORD);
      page = post(form, fields);
    }
    Element form = the(page, "#upm-upload-form");
    page =
        send(
            HttpRequest.newBuilder(URI.create(form.attr("abs:action")))
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(BodyPublishers.ofByteArray(upload(fields(form), jar)))
                .build());
    Element button = page.selectFirst(".upm-configure");
    if (button == null) {
      throw new IOException("not installed: " + page.select("#upm-message").text());
    }
    return button.attr("abs:href");
  }

  /** Fills in the configuration from the metadata at that address. */
  void configure(String page, String metadataUrl) throws IOException, InterruptedException {
    Map<String, String> typed = new LinkedHashMap<>();
    typed.put("metadata_url", metadataUrl);
    // It is none of Microsoft's, so its name has to be confirmed.
    typed.put("metadata_host", URI.create(metadataUrl).getHost());
    Document resolved = press(open(page), "resolve", typed);
    the(resolved, "#ostiary-certificates");
    Document saved = press(resolved, "save", Map.of());
    if (!saved.location().endsWith("?saved")) {
      throw new IOException("not saved: " + saved.select("[role=alert]").text());
    }
  }

  private Document press(Document page, String button, Map<String, String> typed)
      throws IOException, InterruptedException {
    Element form = the(page, "#ostiary-form");
    Map<String, String> fields = fields(form);
    fields.putAll(typed);
    fields.put("action", button);
    return post(form, fields);
  }

  private Document open(String url) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(url)).build());
  }

  private Document post(Element form, Map<String, String> fields)
      throws IOException, InterruptedException {
    StringBuilder body = new StringBuilder();
    fields.forEach(
        (name, value) ->
            body.append(body.isEmpty() ? "" : "&")
                .append(encode(name))
                .append('=')
                .append(encode(value)));
    return send(
        HttpRequest.newBuilder(URI.create(form.attr("abs:action")))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body.toString()))
            .build());
  }

  /** The page that it ends at. Redirects are followed within the host, whatever name they use. */
  private Document send(HttpRequest request) throws IOException, InterruptedException {
    HttpRequest next = request;
    for (int i = 0; i < MOST_REDIRECTS; i++) {
      HttpResponse<String> answer = http.send(next, HttpResponse.BodyHandlers.ofString());
      String location = answer.headers().firstValue("location").orElse(null);
      if (location == null) {
        return Jsoup.parse(answer.body(), next.uri().toString());
      }
      URI target = next.uri().resolve(location);
      String path =
          target.getRawPath() + (target.getRawQuery() == null ? "" : "?" + target.getRawQuery());
      next = HttpRequest.newBuilder(URI.create(host).resolve(path)).build();
    }
    throw new IOException("too many redirects from " + request.uri());
  }

  private static Element the(Document page, String selector) throws IOException {
    Element found = page.selectFirst(selector);
    if (found == null) {
      throw new IOException("no " + selector + " at " + page.location() + ":\n" + page.text());
    }
    return found;
  }

  /** The fields of a form as a browser would send them, its buttons and files aside. */
  private static Map<String, String> fields(Element form) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (Element field : form.select("input[name], textarea[name]")) {
      String type = field.attr("type");
      boolean ticks = type.equals("checkbox") || type.equals("radio");
      boolean sent = !type.equals("file") && !type.equals("submit") && !field.hasAttr("disabled");
      if (sent && (!ticks || field.hasAttr("checked"))) {
        fields.put(field.attr("name"), field.val());
      }
    }
    return fields;
  }

  private static byte[] upload(Map<String, String> fields, Path jar) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (Map.Entry<String, String> field : fields.entrySet()) {
      part(
          body,
          "name=\"" + field.getKey() + "\"",
          field.getValue().getBytes(StandardCharsets.UTF_8));
    }
    part(body, "name=\"plugin\"; filename=\"" + jar.getFileName() + "\"", Files.readAllBytes(jar));
    body.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII));
    return body.toByteArray();
  }

  private static void part(ByteArrayOutputStream body, String disposition, byte[] content) {
    String head =
        "--" + BOUNDARY + "\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n";
    body.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    body.writeBytes(content);
    body.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
