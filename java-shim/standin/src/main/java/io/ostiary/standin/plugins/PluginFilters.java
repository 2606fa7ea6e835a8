package io.ostiary.standin.plugins;

import io.ostiary.standin.host.Callers;
import io.ostiary.standin.host.Identity;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import javax.servlet.Filter;
import javax.servlet.FilterChain;
import javax.servlet.ServletException;
import javax.servlet.ServletRequest;
import javax.servlet.ServletResponse;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** The place in the host's chain where the plug-ins' filters of one location run. */
public final class PluginFilters implements Filter {

  private final Plugins plugins;
  private final String location;

  public PluginFilters(Plugins plugins, String location) {
    this.plugins = plugins;
    this.location = location;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest http = (HttpServletRequest) request;
    // The raw URI decides: a filter on /login.jsp does not see /login.jsp;x=1.
    String rawPath = http.getRequestURI().substring(http.getContextPath().length());
    List<FilterModule> matching =
        plugins.filters(location).stream()
            .filter(filter -> filter.matches(rawPath, request.getDispatcherType()))
            .filter(filter -> isAllowed(filter, http))
            .toList();
    next(matching.iterator(), chain).doFilter(request, response);
  }

  private boolean isAllowed(FilterModule filter, HttpServletRequest request) {
    boolean allowed =
        plugins.rules().allow(filter.type(), request.getMethod(), Identity.username());
    if (!allowed && !Identity.isKnown()) {
      Callers.violation("access", filter.name() + " is not annotated: left out before login");
    }
    return allowed;
  }

  private static FilterChain next(Iterator<FilterModule> filters, FilterChain end) {
    return (request, response) -> {
      if (filters.hasNext()) {
        filters
            .next()
            .run((HttpServletRequest) request, (HttpServletResponse) response, next(filters, end));
      } else {
        end.doFilter(request, response);
      }
    };
  }
}
