package io.ostiary.standin.web;

import io.ostiary.standin.Profile;
import java.io.IOException;
import javax.servlet.FilterChain;
import javax.servlet.ServletException;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** The security headers of newer hosts. */
final class HeadersFilter extends HttpFilterBase {

  private final Profile profile;

  HeadersFilter(Profile profile) {
    this.profile = profile;
  }

  @Override
  void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (profile.isPlatform7()) {
      response.setHeader("X-Frame-Options", "SAMEORIGIN");
      response.setHeader("X-Content-Type-Options", "nosniff");
      response.setHeader("X-XSS-Protection", "1; mode=block");
      response.setHeader("Content-Security-Policy", "frame-ancestors 'self'");
    }
    chain.doFilter(request, response);
  }
}
