package io.ostiary.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.servlet.Filter;
import javax.servlet.FilterChain;
import javax.servlet.FilterConfig;
import javax.servlet.ServletException;
import javax.servlet.ServletRequest;
import javax.servlet.ServletResponse;
import javax.servlet.http.Cookie;
import javax.servlet.http.HttpServletRequest;

/** Stands before the sign-on filter and writes down which cookies came with each POST to the sign-on path: their names, never their values. */
final class ArrivalRecorder implements Filter {

  private static final int MOST = 100;

  private final List<String> arrivals = new CopyOnWriteArrayList<>();

  /** One line for each arrival: the cookies' names, separated by blanks, after {@code Sec-Fetch-Site}. */
  List<String> arrivals() {
    return arrivals;
  }

  @Override
  public void init(FilterConfig config) {}

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain) throws IOException, ServletException {
    HttpServletRequest http = (HttpServletRequest) request;
    if (http.getMethod().equals("POST") && http.getServletPath().equals(Application.SIGN_ON_PATH) && arrivals.size() < MOST) {
      List<String> line = new ArrayList<>();
      line.add("site=" + http.getHeader("Sec-Fetch-Site"));
      if (http.getCookies() != null) {
        for (Cookie cookie : http.getCookies()) {
          line.add(cookie.getName());
        }
      }
      arrivals.add(String.join(" ", line));
    }
    chain.doFilter(request, response);
  }

  @Override
  public void destroy() {}
}
