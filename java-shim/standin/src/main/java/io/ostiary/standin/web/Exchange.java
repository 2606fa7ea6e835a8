package io.ostiary.standin.web;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.ostiary.standin.Profile;
import io.ostiary.standin.host.Identity;
import io.ostiary.standin.host.Parts;
import io.ostiary.standin.host.Urls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** One request to one of the host's own pages. */
record Exchange(Parts parts, HttpServletRequest request, HttpServletResponse response) {

  static final Gson GSON =
      new GsonBuilder().disableHtmlEscaping().serializeNulls().setPrettyPrinting().create();

  Profile profile() {
    return parts.profile();
  }

  boolean isPost() {
    return request.getMethod().equals("POST");
  }

  /** The parameter, or "". */
  String param(String name) {
    String value = request.getParameter(name);
    return value == null ? "" : value;
  }

  /** The path of a page of this host, with the context. */
  String path(String path) {
    return request.getContextPath() + path;
  }

  String username() {
    return Identity.username();
  }

  String xsrfToken() {
    return parts.xsrf().getXsrfToken(request, response, true);
  }

  boolean isXsrfTokenRight() {
    return parts.xsrf().validateFormEncodedToken(request);
  }

  /** Fills a template; context path and token are always among its values. */
  String fill(String template, String... pairs) {
    Map<String, String> values = new HashMap<>();
    values.put("context", request.getContextPath());
    values.put("token", xsrfToken());
    for (int i = 0; i < pairs.length; i += 2) {
      values.put(pairs[i], pairs[i + 1]);
    }
    return Page.fill(template, values);
  }

  void html(String page) throws IOException {
    response.setContentType("text/html;charset=UTF-8");
    response.setHeader("Cache-Control", "no-store");
    response.getWriter().write(page);
  }

  void json(int status, Object value) throws IOException {
    json(response, status, GSON.toJson(value));
  }

  static void json(HttpServletResponse response, int status, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    response.setStatus(status);
    response.setContentType("application/json;charset=UTF-8");
    response.setContentLength(bytes.length);
    response.getOutputStream().write(bytes);
  }

  /** The request's body as a JSON object, or null. */
  JsonObject jsonBody() throws IOException {
    try {
      return GSON.fromJson(request.getReader(), JsonObject.class);
    } catch (JsonParseException e) {
      return null;
    }
  }

  void redirect(String pathOfHost) throws IOException {
    response.sendRedirect(path(pathOfHost));
  }

  /** Where a target leads within this host; anything but a path leads home. */
  void redirectWithin(String target, String home) throws IOException {
    response.sendRedirect(Urls.within(request, target, home));
  }
}
