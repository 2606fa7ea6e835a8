package io.ostiary.standin.plugins;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import javax.servlet.DispatcherType;
import javax.servlet.Filter;
import javax.servlet.FilterChain;
import javax.servlet.ServletContext;
import javax.servlet.ServletException;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** A plug-in's filter, made at the first request that it matches. */
final class FilterModule {

  private final Plugin plugin;
  private final Descriptor.Module module;
  private final ModuleClasses classes;
  private final Class<?> type;
  private final List<PathPattern> patterns;
  private final List<DispatcherType> dispatchers;
  private Filter filter;
  private boolean destroyed;

  FilterModule(Plugin plugin, Descriptor.Module module, ModuleClasses classes) throws Refused {
    this.plugin = plugin;
    this.module = module;
    this.classes = classes;
    this.type = classes.load(plugin, module);
    this.patterns = module.all("url-pattern").stream().map(PathPattern::new).toList();
    List<String> named = module.all("dispatcher");
    this.dispatchers =
        named.isEmpty()
            ? List.of(DispatcherType.REQUEST)
            : named.stream().map(DispatcherType::valueOf).toList();
  }

  String location() {
    return module.attribute("location", "before-dispatch").toLowerCase(Locale.ROOT);
  }

  int weight() {
    return Integer.parseInt(module.attribute("weight", "100"));
  }

  Class<?> type() {
    return type;
  }

  String name() {
    return plugin.key() + ":" + module.key();
  }

  boolean matches(String rawPath, DispatcherType dispatcher) {
    return dispatchers.contains(dispatcher)
        && patterns.stream().anyMatch(pattern -> pattern.matches(rawPath));
  }

  void run(HttpServletRequest request, HttpServletResponse response, FilterChain rest)
      throws IOException, ServletException {
    Filter made = made(request.getServletContext());
    if (made == null) {
      rest.doFilter(request, response);
      return;
    }
    ClassLoader hosts = Thread.currentThread().getContextClassLoader();
    FilterChain outside =
        (nextRequest, nextResponse) ->
            InPlugin.withLoader(hosts, () -> rest.doFilter(nextRequest, nextResponse));
    InPlugin.run(
        plugin, name(), () -> made.doFilter(PluginRequest.around(request), response, outside));
  }

  private synchronized Filter made(ServletContext context) throws IOException, ServletException {
    if (filter == null && !destroyed) {
      InPlugin.run(
          plugin,
          name(),
          () -> {
            Filter fresh = classes.make(type, Filter.class);
            fresh.init(new ModuleConfig(module.key(), context, module.initParams()));
            filter = fresh;
          });
    }
    return filter;
  }

  synchronized void destroy() {
    destroyed = true;
    if (filter != null) {
      Filter old = filter;
      filter = null;
      try {
        InPlugin.run(plugin, name(), old::destroy);
      } catch (IOException | ServletException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
