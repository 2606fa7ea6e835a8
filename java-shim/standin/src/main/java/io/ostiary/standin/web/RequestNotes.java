package io.ostiary.standin.web;

import io.ostiary.standin.host.Parts;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.servlet.DispatcherType;
import javax.servlet.FilterChain;
import javax.servlet.ServletException;
import javax.servlet.http.Cookie;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Notes every request with the names of its cookies, before anybody else sees it. */
final class RequestNotes extends HttpFilterBase {

  private final Parts parts;

  RequestNotes(Parts parts) {
    this.parts = parts;
  }

  @Override
  void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (request.getDispatcherType() != DispatcherType.REQUEST
        || request.getServletPath().startsWith(ControlFilter.PATH)) {
      chain.doFilter(request, response);
      return;
    }
    Map<String, String> note = new TreeMap<>();
    note.put("method", request.getMethod());
    note.put("uri", request.getRequestURI());
    note.put("query", String.valueOf(request.getQueryString()));
    note.put("cookies", cookies(request));
    note.put("sec-fetch-site", String.valueOf(request.getHeader("Sec-Fetch-Site")));
    try {
      chain.doFilter(request, response);
    } finally {
      note.put("status", String.valueOf(response.getStatus()));
      parts.journal().add("requests", note);
    }
  }

  private static String cookies(HttpServletRequest request) {
    return request.getCookies() == null
        ? ""
        : Arrays.stream(request.getCookies()).map(Cookie::getName).collect(Collectors.joining(" "));
  }
}
