package io.ostiary.standin.web;

import java.io.IOException;
import javax.servlet.FilterChain;
import javax.servlet.ServletException;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Sets the encoding and asks for a parameter, as host filters do: the body is then read. */
final class EncodingFilter extends HttpFilterBase {

  @Override
  void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    request.setCharacterEncoding("UTF-8");
    if (request.getParameter("os_destination") != null) {
      request.setAttribute("os_destination", request.getParameter("os_destination"));
    }
    chain.doFilter(request, response);
  }
}
