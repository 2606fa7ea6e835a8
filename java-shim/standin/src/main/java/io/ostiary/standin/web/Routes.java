package io.ostiary.standin.web;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.servlet.ServletException;

/** The host's own pages by path. */
final class Routes {

  /** Answers one kind of request. */
  interface Handler {
    void handle(Exchange exchange) throws IOException, ServletException;
  }

  /** A page and the methods that it declares. */
  record Route(Set<String> methods, Handler handler) {}

  private final Map<String, Route> exact = new TreeMap<>();
  private final Map<String, Route> below = new TreeMap<>();

  /** A page; {@code methods} separated by spaces. */
  Routes on(String methods, String path, Handler handler) {
    exact.put(path, new Route(Set.of(methods.split(" ", -1)), handler));
    return this;
  }

  /** All paths that begin so. */
  Routes below(String methods, String prefix, Handler handler) {
    below.put(prefix, new Route(Set.of(methods.split(" ", -1)), handler));
    return this;
  }

  /** The route of the path, or null. */
  Route find(String path) {
    Route found = exact.get(path);
    if (found != null) {
      return found;
    }
    String longest = "";
    for (String prefix : below.keySet()) {
      if (path.startsWith(prefix) && prefix.length() > longest.length()) {
        longest = prefix;
      }
    }
    return below.get(longest);
  }
}
