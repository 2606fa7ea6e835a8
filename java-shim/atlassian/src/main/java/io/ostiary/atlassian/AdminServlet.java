package io.ostiary.atlassian;

import com.atlassian.annotations.security.SystemAdminOnly;
import io.ostiary.bridge.Action;
import io.ostiary.bridge.Event;
import io.ostiary.web.Log;
import io.ostiary.web.Reply;
import io.ostiary.web.RequestFacts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Level;
import javax.servlet.ServletException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/**
 * Configuration, its JSON twin for automation, and the support file. Here it is decided who may
 * ask; what is asked is the engine's business.
 */
@SystemAdminOnly
public final class AdminServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  static final String BELOW = "/plugins/servlet/ostiary/";
  private static final Charset UTF_8 = Charset.forName("UTF-8");

  private static final String PAGE =
      "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Ostiary</title>"
          + "<meta name=\"decorator\" content=\"atl.admin\"></head>\n<body>\n<div id=\"ostiary-refused\">\n<h1>Ostiary</h1>\n"
          + "<p id=\"problem\">TEXT</p>\n</div>\n</body>\n</html>\n";

  private transient Addon addon;

  @Override
  public void init() throws ServletException {
    addon = Addon.acquire(getServletContext());
  }

  @Override
  public void destroy() {
    Addon.release();
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    String path = RequestFacts.path(request);
    String page = path.startsWith(BELOW) ? path.substring(BELOW.length()) : "";
    try {
      if (page.equals("settings")) {
        settings(request, response);
      } else {
        page(page, request, response);
      }
    } catch (HostException e) {
      Log.line(Level.SEVERE, "internal: " + e.getMessage());
      text(
          response,
          HttpServletResponse.SC_INTERNAL_SERVER_ERROR,
          "This host could not be asked who you are. Its log says more.");
    }
  }

  private void page(String page, HttpServletRequest request, HttpServletResponse response)
      throws IOException, HostException {
    Sal sal = addon.sal();
    String method = "HEAD".equals(request.getMethod()) ? "GET" : request.getMethod();
    boolean post = "POST".equals(method);
    String user = sal.remoteUser(request);
    if (user == null) {
      if (post) {
        text(response, HttpServletResponse.SC_UNAUTHORIZED, "Sign in first.");
      } else {
        Reply.seeOther(
            response, sal.loginUri(here(request)).toString(), Collections.<String>emptyList());
      }
      return;
    }
    if (!sal.isSystemAdmin(request)) {
      text(response, HttpServletResponse.SC_FORBIDDEN, "This page is for system administrators.");
      return;
    }
    if (!sal.isElevated(request)) {
      sal.elevate(request, response);
      return;
    }
    if (!post && !"GET".equals(method)) {
      response.setHeader("Allow", "GET, HEAD, POST");
      text(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED, "GET and POST are answered here.");
      return;
    }
    if (request.getContentLength() > Event.Admin.MAX_BODY_BYTES) {
      text(response, HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE, "That is too large.");
      return;
    }
    if (post && !sal.hasXsrfToken(request)) {
      text(
          response,
          HttpServletResponse.SC_FORBIDDEN,
          "This form has expired or came from elsewhere. Nothing was changed. Open the page again.");
      return;
    }
    Event.Admin event =
        admin(method, page, request, user).xsrf(sal.xsrfName(), sal.xsrfToken(request, response));
    if (post && !body(event, request)) {
      text(response, HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE, "That is too large.");
      return;
    }
    answer(event, response);
  }

  private Event.Admin admin(String method, String page, HttpServletRequest request, String user) {
    addon.keeper().look(true);
    Event.Admin event =
        Event.admin(method, page, user)
            .query(RequestFacts.latin1(request.getQueryString()))
            .seen(request.getScheme(), request.getServerName(), request.getServerPort());
    for (String problem : problems(request)) {
      event.problem(problem);
    }
    return event;
  }

  private List<String> problems(HttpServletRequest request) {
    List<String> problems = new ArrayList<String>(addon.keeper().problems());
    try {
      problems.addAll(addon.seraph(request).lacks(request));
    } catch (HostException e) {
      problems.add(e.getMessage());
    }
    return problems;
  }

  /** False when the body is too large. */
  private static boolean body(Event.Admin event, HttpServletRequest request) throws IOException {
    String type = request.getContentType();
    if (type != null && type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")) {
      byte[] body = read(request);
      if (body == null) {
        return false;
      }
      event.upload(type, body);
      return true;
    }
    for (Map.Entry<String, String[]> parameter : parameters(request).entrySet()) {
      event.form(parameter.getKey(), Arrays.asList(parameter.getValue()));
    }
    return true;
  }

  @SuppressWarnings("unchecked") // Servlet 2.5 had no generics yet
  private static Map<String, String[]> parameters(HttpServletRequest request) {
    return request.getParameterMap();
  }

  /** The body, or null when it is too large. */
  private static byte[] read(HttpServletRequest request) throws IOException {
    InputStream in = request.getInputStream();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      body.write(buffer, 0, n);
      if (body.size() > Event.Admin.MAX_BODY_BYTES) {
        return null;
      }
    }
    return body.toByteArray();
  }

  private void answer(Event.Admin event, HttpServletResponse response) throws IOException {
    Action action = addon.keeper().ask(event.build());
    addon.keeper().look(true);
    if (action == null || action.response() == null) {
      List<String> problems = addon.keeper().problems();
      text(
          response,
          HttpServletResponse.SC_SERVICE_UNAVAILABLE,
          problems.isEmpty() ? "Sign-in is not available." : problems.get(0));
      return;
    }
    Reply.send(response, action.response());
  }

  // The JSON twin. Whoever asks is a program: it is never redirected, and it is told a reason.

  private void settings(HttpServletRequest request, HttpServletResponse response)
      throws IOException, HostException {
    Refusal refusal = Automation.refuses(addon.sal(), request);
    if (refusal != null) {
      json(response, refusal.status(), "{\"code\":\"" + refusal.code() + "\"}");
      return;
    }
    boolean put = "PUT".equals(request.getMethod());
    Event.Admin event =
        admin(request.getMethod(), "settings", request, addon.sal().remoteUser(request));
    if (put) {
      byte[] body = read(request);
      if (body == null) {
        json(response, HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE, "{\"code\":\"too-large\"}");
        return;
      }
      event.document(new String(body, UTF_8), request.getHeader("If-Match"));
    }
    answer(event, response);
  }

  private static void json(HttpServletResponse response, int status, String body)
      throws IOException {
    response.setStatus(status);
    response.setContentType("application/json; charset=utf-8");
    response.setHeader("Cache-Control", "no-store");
    response.getWriter().write(body);
  }

  private static URI here(HttpServletRequest request) {
    String query = request.getQueryString();
    return URI.create(request.getRequestURL() + (query == null ? "" : "?" + query));
  }

  private static void text(HttpServletResponse response, int status, String text)
      throws IOException {
    String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    Reply.decorated(response, status, PAGE.replace("TEXT", escaped));
  }
}
