package io.ostiary.e2e.lab;

import io.ostiary.servlet.SsoPrincipal;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Collections;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.servlet.http.HttpSession;

/**
 * Tells whom the application sees, one {@code name=value} a line. The first line is the body that a
 * stranger must never read.
 */
final class WhoServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setContentType("text/plain;charset=UTF-8");
    PrintWriter out = response.getWriter();
    out.println("THE SECRET BODY");
    out.println("user=" + request.getRemoteUser());
    out.println("role=" + request.isUserInRole("anything"));
    out.println("uri=" + request.getRequestURI());
    out.println("auth=" + request.getAuthType());
    out.println("query=" + request.getQueryString());
    HttpSession session = request.getSession(false);
    out.println("session=" + (session == null ? null : session.getId()));
    out.println("kept=" + (session == null ? null : session.getAttribute("kept")));
    if (request.getUserPrincipal() instanceof SsoPrincipal) {
      SsoPrincipal principal = (SsoPrincipal) request.getUserPrincipal();
      out.println("principal=" + principal.getName());
      out.println("name-id=" + principal.getNameId());
      out.println("attributes=" + principal.getAttributes());
    }
    if (session != null) {
      for (String name : Collections.list(session.getAttributeNames())) {
        out.println("attribute-type=" + session.getAttribute(name).getClass().getName());
      }
    }
  }
}
