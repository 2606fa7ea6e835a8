package io.ostiary.e2e.lab;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As much of a browser as a sign-in needs, for one visitor of the lab: cookies by name, pages of
 * the application, and the way over the identity provider. A form that another site posts carries
 * only the cookies that are SameSite=None.
 */
final class Browser {

  private static final String PAGE = "Accept: text/html";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final Pattern ACTION = Pattern.compile("<form[^>]* action=\"([^\"]*)\"");
  private static final Pattern FIELD =
      Pattern.compile("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\">");

  private final Lab lab;
  private final TestIdp idp;
  private final Map<String, String> cookies = new LinkedHashMap<>();
  private final Map<String, String> crossSite = new LinkedHashMap<>();

  Browser(Lab lab, TestIdp idp) {
    this.lab = lab;
    this.idp = idp;
  }

  /** The value of a cookie, or null. */
  String cookie(String name) {
    return cookies.get(name);
  }

  /** The values of all cookies. */
  List<String> cookieValues() {
    return List.copyOf(cookies.values());
  }

  void setCookie(String name, String value) {
    cookies.put(name, value);
  }

  /** Visits a page, given by its path without the context. */
  Http.Answer visit(String path) throws IOException {
    return remember(lab.get(path, PAGE, cookieHeader(cookies)));
  }

  /** Follows a redirection within the application. */
  Http.Answer follow(Http.Answer answer) throws IOException {
    return goTo(answer.header("location"));
  }

  /** Visits a URL of the application. */
  Http.Answer goTo(String location) throws IOException {
    URI uri = URI.create("http://localhost:" + lab.port()).resolve(location);
    String target =
        uri.getRawQuery() == null ? uri.getRawPath() : uri.getRawPath() + "?" + uri.getRawQuery();
    return remember(lab.raw("GET", target, PAGE, cookieHeader(cookies)));
  }

  /**
   * Goes from a protected page, or the sign-on URL, to the identity provider, and comes back with
   * the form it wants to post.
   */
  Form chooses(String user, String misbehave, String path) throws IOException {
    Http.Answer answer = visit(path);
    while (answer.status() == 303 && answer.header("location").startsWith("http://localhost:")) {
      answer = follow(answer);
    }
    return logIn(user, misbehave, answer.header("location"));
  }

  private Form logIn(String user, String misbehave, String ssoUrl) throws IOException {
    Http.Answer page = idp.get(ssoUrl);
    Map<String, String> fields = fields(page.body());
    fields.put("user", user);
    fields.put("misbehave", misbehave);
    Http.Answer working = idp.post(action(page.body()), encode(fields));
    return new Form(action(working.body()), fields(working.body()));
  }

  /** Posts the identity provider's form as another site does. */
  Http.Answer post(Form form) throws IOException {
    URI uri = URI.create(form.action());
    return remember(
        Http.send(
            lab.port(),
            lab.form(
                uri.getRawPath(), FORM, encode(form.fields()), PAGE, cookieHeader(crossSite))));
  }

  /** Posts the form where the browser sends every cookie along, as on one site. */
  Http.Answer postWithAllCookies(Form form) throws IOException {
    URI uri = URI.create(form.action());
    return remember(
        Http.send(
            lab.port(),
            lab.form(uri.getRawPath(), FORM, encode(form.fields()), PAGE, cookieHeader(cookies))));
  }

  /** Another browser with the same cookies. */
  Browser copyOf() {
    Browser copy = new Browser(lab, idp);
    copy.cookies.putAll(cookies);
    copy.crossSite.putAll(crossSite);
    return copy;
  }

  /** The whole way; the answer is that of the sign-on URL. */
  Http.Answer signIn(String user, String path) throws IOException {
    return post(chooses(user, "none", path));
  }

  private Http.Answer remember(Http.Answer answer) {
    for (String cookie : answer.all("set-cookie")) {
      String[] pair = cookie.split(";", 2)[0].split("=", 2);
      boolean ends = cookie.toLowerCase(Locale.ROOT).contains("max-age=0");
      for (Map<String, String> jar : List.of(cookies, crossSite)) {
        if (ends) {
          jar.remove(pair[0]);
        } else if (jar == cookies || cookie.contains("SameSite=None")) {
          jar.put(pair[0], pair[1]);
        }
      }
    }
    return answer;
  }

  private static String cookieHeader(Map<String, String> jar) {
    StringBuilder header = new StringBuilder("Cookie: none=none");
    jar.forEach((name, value) -> header.append("; ").append(name).append('=').append(value));
    return header.toString();
  }

  private static String action(String html) {
    Matcher matcher = ACTION.matcher(html);
    if (!matcher.find()) {
      throw new AssertionError("no form in " + html);
    }
    return unescape(matcher.group(1));
  }

  private static Map<String, String> fields(String html) {
    Map<String, String> fields = new LinkedHashMap<>();
    Matcher matcher = FIELD.matcher(html);
    while (matcher.find()) {
      fields.put(unescape(matcher.group(1)), unescape(matcher.group(2)));
    }
    return fields;
  }

  static String encode(Map<String, String> fields) {
    StringBuilder body = new StringBuilder();
    fields.forEach(
        (name, value) ->
            body.append(body.isEmpty() ? "" : "&")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return body.toString();
  }

  private static String unescape(String html) {
    return html.replace("&#39;", "'")
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#10;", "\n")
        .replace("&amp;", "&");
  }

  /** A form that the identity provider wants to be posted. */
  record Form(String action, Map<String, String> fields) {}
}
