package io.ostiary.demo;

import io.ostiary.servlet.SsoPrincipal;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/**
 * A protected page: who is signed in, and what the identity provider said about this person. Also
 * serves the deep links.
 */
final class AccountServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    StringBuilder body = new StringBuilder();
    body.append("<table id=\"facts\">");
    row(body, "Remote user", "user", String.valueOf(request.getRemoteUser()));
    row(
        body,
        "This page",
        "here",
        request.getRequestURI()
            + (request.getQueryString() == null ? "" : "?" + request.getQueryString()));
    if (request.getUserPrincipal() instanceof SsoPrincipal) {
      SsoPrincipal principal = (SsoPrincipal) request.getUserPrincipal();
      row(body, "NameID", "name-id", principal.getNameId());
      row(body, "NameID format", "name-id-format", String.valueOf(principal.getNameIdFormat()));
      for (Map.Entry<String, List<String>> attribute : principal.getAttributes().entrySet()) {
        attribute(body, attribute.getKey(), attribute.getValue());
      }
    }
    body.append("</table><p><a class=\"button\" id=\"sign-out\" href=\"")
        .append(Application.SIGN_OUT_PATH)
        .append("\">Sign out</a></p>");
    Application.send(
        response,
        Pages.page(
            request.getPathInfo() != null
                ? "Issue " + request.getPathInfo().substring(1)
                : "My account",
            body.toString()));
  }

  /** Names of attributes are URIs; their last word says what it is. */
  private static void attribute(StringBuilder body, String name, List<String> values) {
    String word = name.substring(name.lastIndexOf('/') + 1);
    body.append("<tr><th scope=\"row\">").append(Pages.escape(word));
    if (!word.equals(name)) {
      body.append("<br><small>").append(Pages.escape(name)).append("</small>");
    }
    body.append("</th><td>");
    for (String value : values) {
      body.append("<div>").append(Pages.escape(value)).append("</div>");
    }
    body.append("</td></tr>");
  }

  private static void row(StringBuilder body, String name, String id, String value) {
    body.append("<tr><th scope=\"row\">").append(Pages.escape(name)).append("</th><td");
    if (id != null) {
      body.append(" id=\"").append(id).append('"');
    }
    body.append('>').append(Pages.escape(value)).append("</td></tr>");
  }
}
