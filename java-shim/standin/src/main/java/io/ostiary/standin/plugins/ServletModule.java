package io.ostiary.standin.plugins;

import java.io.IOException;
import java.util.List;
import javax.servlet.Servlet;
import javax.servlet.ServletContext;
import javax.servlet.ServletException;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** A plug-in's servlet below {@code /plugins/servlet}, made at its first request. */
final class ServletModule {

  static final String ROOT = "/plugins/servlet";

  private final Plugin plugin;
  private final Descriptor.Module module;
  private final ModuleClasses classes;
  private final Class<?> type;
  private final List<PathPattern> patterns;
  private Servlet servlet;
  private boolean destroyed;

  ServletModule(Plugin plugin, Descriptor.Module module, ModuleClasses classes) throws Refused {
    this.plugin = plugin;
    this.module = module;
    this.classes = classes;
    this.type = classes.load(plugin, module);
    this.patterns = module.all("url-pattern").stream().map(PathPattern::new).toList();
  }

  Class<?> type() {
    return type;
  }

  String name() {
    return plugin.key() + ":" + module.key();
  }

  /** The pattern that fits the path below {@link #ROOT}, or null; exact ones before longer ones. */
  PathPattern matching(String path) {
    PathPattern best = null;
    for (PathPattern pattern : patterns) {
      if (pattern.matches(path)
          && (best == null
              || pattern.isExact()
              || (!best.isExact() && pattern.length() > best.length()))) {
        best = pattern;
      }
    }
    return best;
  }

  void run(
      PathPattern pattern, String path, HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    Servlet made = made(request.getServletContext());
    if (made == null) {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
      return;
    }
    String fixed = pattern.fixedPart();
    String rest = path.length() > fixed.length() ? path.substring(fixed.length()) : null;
    InPlugin.run(
        plugin,
        name(),
        () -> made.service(PluginRequest.below(request, ROOT + fixed, rest), response));
  }

  private synchronized Servlet made(ServletContext context) throws IOException, ServletException {
    if (servlet == null && !destroyed) {
      InPlugin.run(
          plugin,
          name(),
          () -> {
            Servlet fresh = classes.make(type, Servlet.class);
            fresh.init(new ModuleConfig(module.key(), context, module.initParams()));
            servlet = fresh;
          });
    }
    return servlet;
  }

  synchronized void destroy() {
    destroyed = true;
    if (servlet != null) {
      Servlet old = servlet;
      servlet = null;
      try {
        InPlugin.run(plugin, name(), old::destroy);
      } catch (IOException | ServletException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
