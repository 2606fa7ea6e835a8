package io.ostiary.e2e.lab;

import java.io.IOException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.servlet.http.HttpSession;

/** An open page that starts a session, as a shop's basket would. */
final class SessionServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    HttpSession session = request.getSession(true);
    session.setAttribute("kept", "basket");
    response.setContentType("text/plain;charset=UTF-8");
    response.getWriter().println("session=" + session.getId());
  }
}
