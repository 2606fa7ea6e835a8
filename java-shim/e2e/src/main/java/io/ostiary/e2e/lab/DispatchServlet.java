package io.ostiary.e2e.lab;

import java.io.IOException;
import javax.servlet.ServletException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** An open page that hands the request on, inside the server, to the path in {@code to}. */
final class DispatchServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    String to = request.getParameter("to");
    if (request.getServletPath().endsWith("/async")) {
      request.startAsync().dispatch(to);
    } else if (request.getServletPath().endsWith("/include")) {
      request.getRequestDispatcher(to).include(request, response);
    } else {
      request.getRequestDispatcher(to).forward(request, response);
    }
  }
}
