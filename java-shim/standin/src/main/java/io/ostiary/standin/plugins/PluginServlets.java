package io.ostiary.standin.plugins;

import io.ostiary.standin.host.Identity;
import io.ostiary.standin.host.Urls;
import java.io.IOException;
import javax.servlet.ServletException;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Finds the plug-in's servlet for a path below {@code /plugins/servlet}. */
public final class PluginServlets {

  private final Plugins plugins;

  public PluginServlets(Plugins plugins) {
    this.plugins = plugins;
  }

  /** Answers the request if a plug-in has a servlet for it; {@code path} is decoded. */
  public boolean serve(String path, HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    if (!path.startsWith(ServletModule.ROOT)) {
      return false;
    }
    String below = path.substring(ServletModule.ROOT.length());
    ServletModule found = null;
    PathPattern by = null;
    for (ServletModule servlet : plugins.servlets()) {
      PathPattern pattern = servlet.matching(below);
      if (pattern != null
          && (by == null
              || pattern.isExact()
              || (!by.isExact() && pattern.length() > by.length()))) {
        found = servlet;
        by = pattern;
      }
    }
    if (found == null) {
      return false;
    }
    if (plugins.rules().allow(found.type(), request.getMethod(), Identity.username())) {
      found.run(by, below, request, response);
    } else if (Identity.username() == null) {
      response.sendRedirect(
          request.getContextPath()
              + Urls.loginPage(plugins.profile())
              + "?os_destination="
              + Urls.encode(Urls.pathAndQuery(request)));
    } else {
      response.sendError(HttpServletResponse.SC_FORBIDDEN);
    }
    return true;
  }
}
