package io.ostiary.bridge;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The test identity provider of this project as a process, and a visitor who signs in there without
 * a browser.
 */
final class TestIdp implements AutoCloseable {
  private static final Pattern HIDDEN =
      Pattern.compile("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\">");
  private static final Pattern LOGIN_FORM =
      Pattern.compile("id=\"login\" method=\"post\" action=\"([^\"]*)\"");

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Process process;
  private final String url;

  /** Starts one for the service provider at this base URL. */
  TestIdp(String serviceProvider) throws IOException {
    Path program = Path.of("..", "..", "target", "release", "ostiary").toAbsolutePath().normalize();
    if (!program.toFile().canExecute()) {
      throw new IOException(
          "there is no " + program + "; build it with: cargo build --release -p ostiary-cli");
    }
    process =
        new ProcessBuilder(program.toString(), "idp", "--port", "0", "--sp", serviceProvider)
            .redirectError(new File("target/idp.log"))
            .start();
    BufferedReader told =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = told.readLine();
    if (line == null || !line.startsWith("Identity provider ")) {
      process.destroy();
      throw new IOException("the identity provider says: " + line);
    }
    url = line.substring(line.indexOf("http"), line.length() - 1);
  }

  String metadataUrl() {
    return url + "/metadata";
  }

  String metadata() throws IOException, InterruptedException {
    return http.send(
            HttpRequest.newBuilder(URI.create(metadataUrl())).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  /**
   * Follows the redirect to the login page and presses the button of a user.
   *
   * @param misbehave what the provider shall do wrong; {@code none} for nothing
   * @return the fields of the form that goes back to the service provider
   */
  Map<String, String> signIn(String location, String user, String misbehave)
      throws IOException, InterruptedException {
    String page =
        http.send(
                HttpRequest.newBuilder(URI.create(location)).build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
    Matcher form = LOGIN_FORM.matcher(page);
    if (!form.find()) {
      throw new IOException("no login page: " + page);
    }
    Map<String, String> fields = hidden(page);
    fields.put("user", user);
    fields.put("misbehave", misbehave);
    fields.put("shape", "assertion");
    fields.put("encrypt", "none");
    HttpRequest post =
        HttpRequest.newBuilder(URI.create(url + form.group(1)))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(urlEncoded(fields)))
            .build();
    return hidden(http.send(post, HttpResponse.BodyHandlers.ofString()).body());
  }

  private static Map<String, String> hidden(String page) {
    Map<String, String> fields = new LinkedHashMap<>();
    Matcher matcher = HIDDEN.matcher(page);
    while (matcher.find()) {
      fields.put(
          matcher.group(1),
          matcher.group(2).replace("&#39;", "'").replace("&quot;", "\"").replace("&amp;", "&"));
    }
    return fields;
  }

  private static String urlEncoded(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(
            field ->
                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  @Override
  public void close() {
    process.destroy();
  }
}
