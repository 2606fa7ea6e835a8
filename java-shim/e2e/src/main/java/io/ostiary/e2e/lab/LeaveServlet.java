package io.ostiary.e2e.lab;

import java.io.IOException;
import javax.servlet.ServletException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Signs the user out by the servlet API, as an application that knows nothing of SAML does. */
final class LeaveServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    String before = request.getRemoteUser();
    request.logout();
    response.getWriter().println("before=" + before + "\nafter=" + request.getRemoteUser());
  }
}
