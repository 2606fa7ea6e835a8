package io.ostiary.standin.web;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.ostiary.standin.plugins.Plugin;
import io.ostiary.standin.plugins.Refused;
import io.ostiary.standin.users.Account;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import javax.servlet.ServletException;

/** The plug-in manager's REST interface. */
final class UpmRest {

  static final String ROOT = "/rest/plugins/1.0/";

  void into(Routes routes) {
    routes.on("GET POST", ROOT, UpmRest::all).below("GET PUT DELETE", ROOT, UpmRest::one);
  }

  /** The token that an upload by REST must carry; it is the session's XSRF token. */
  private static void all(Exchange exchange) throws IOException, ServletException {
    if (!isSystemAdmin(exchange)) {
      exchange.json(
          exchange.username() == null ? 401 : 403, Map.of("message", "system administrators only"));
      return;
    }
    if (!exchange.isPost()) {
      exchange.response().setHeader("upm-token", UpmToken.of(exchange));
      exchange.json(
          200,
          Map.of("plugins", exchange.parts().plugins().all().stream().map(UpmRest::view).toList()));
      return;
    }
    if (!UpmToken.of(exchange).equals(exchange.param("token"))) {
      exchange.json(403, Map.of("message", "wrong upm token"));
      return;
    }
    try {
      exchange.json(202, view(Upload.take(exchange)));
    } catch (Refused e) {
      exchange.json(400, Map.of("message", e.getMessage()));
    }
  }

  private static void one(Exchange exchange) throws IOException, ServletException {
    if (!isSystemAdmin(exchange)) {
      exchange.json(
          exchange.username() == null ? 401 : 403, Map.of("message", "system administrators only"));
      return;
    }
    String key =
        exchange.request().getServletPath().substring(ROOT.length()).replaceFirst("-key$", "");
    try {
      switch (exchange.request().getMethod()) {
        case "PUT" -> {
          JsonObject body = exchange.jsonBody();
          JsonElement enabled = body == null ? null : body.get("enabled");
          if (enabled != null && enabled.getAsBoolean()) {
            exchange.parts().plugins().enable(key);
          } else {
            exchange.parts().plugins().disable(key);
          }
        }
        case "DELETE" -> {
          exchange.parts().plugins().uninstall(key);
          exchange.response().setStatus(204);
          return;
        }
        default -> {}
      }
    } catch (Refused e) {
      exchange.json(400, Map.of("message", e.getMessage()));
      return;
    }
    Plugin plugin = exchange.parts().plugins().find(key);
    if (plugin == null) {
      exchange.json(404, Map.of("message", "no plug-in " + key));
    } else {
      exchange.json(200, view(plugin));
    }
  }

  static Map<String, Object> view(Plugin plugin) {
    Map<String, Object> view = new TreeMap<>();
    view.put("key", plugin.key());
    view.put("name", plugin.descriptor().name());
    view.put("version", plugin.descriptor().version());
    view.put("enabled", plugin.isEnabled());
    view.put("modules", plugin.isSpringBacked() ? plugin.descriptor().modules().size() : 0);
    view.put("configureUrl", plugin.descriptor().params().get("configure.url"));
    view.put("loader", plugin.loader() == null ? null : System.identityHashCode(plugin.loader()));
    return view;
  }

  private static boolean isSystemAdmin(Exchange exchange) {
    Account account = exchange.parts().accounts().find(exchange.username());
    return account != null && account.sysadmin();
  }
}
