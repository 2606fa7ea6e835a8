package io.ostiary.standin.web;

import io.ostiary.standin.host.Parts;
import java.io.IOException;
import javax.servlet.FilterChain;
import javax.servlet.ServletException;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Answers the tests' questions before any filter of the host or a plug-in. */
final class ControlFilter extends HttpFilterBase {

  static final String PATH = "/standin/";

  private final Parts parts;
  private final Control control;

  ControlFilter(Parts parts, Control control) {
    this.parts = parts;
    this.control = control;
  }

  @Override
  void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (request.getServletPath().startsWith(PATH)) {
      control.answer(
          new Exchange(parts, request, response),
          request.getServletPath().substring(PATH.length()));
    } else {
      chain.doFilter(request, response);
    }
  }
}
