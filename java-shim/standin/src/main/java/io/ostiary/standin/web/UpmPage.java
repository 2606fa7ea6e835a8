package io.ostiary.standin.web;

import io.ostiary.standin.plugins.Plugin;
import io.ostiary.standin.plugins.Plugins;
import io.ostiary.standin.plugins.Refused;
import java.io.IOException;
import javax.servlet.ServletException;

/** The page <i>Manage apps</i>: upload, configure, enable, disable, uninstall. */
final class UpmPage {

  private static final String PATH = "/plugins/servlet/upm";

  private final Frame frame;

  UpmPage(Frame frame) {
    this.frame = frame;
  }

  void into(Routes routes) {
    routes.on("GET POST", PATH, this::handle);
  }

  private void handle(Exchange exchange) throws IOException, ServletException {
    if (Passwords.asksForSudo(exchange)) {
      return;
    }
    String message = "";
    if (exchange.isPost()) {
      message =
          UpmToken.of(exchange).equals(exchange.param("token")) ? act(exchange) : "wrong token";
    }
    StringBuilder rows = new StringBuilder();
    for (Plugin plugin : exchange.parts().plugins().all()) {
      rows.append(row(exchange, plugin));
    }
    exchange.html(
        frame.admin(
            exchange,
            "Manage apps",
            "",
            exchange.fill(
                "upm.html",
                "message",
                message,
                "upm-token",
                UpmToken.of(exchange),
                "upload",
                exchange.parts().switches().isUploadAllowed()
                    ? exchange.fill("upm-upload.html", "upm-token", UpmToken.of(exchange))
                    : "",
                "rows",
                rows.toString())));
  }

  private static String act(Exchange exchange) throws IOException, ServletException {
    Plugins plugins = exchange.parts().plugins();
    String key = exchange.param("key");
    try {
      switch (exchange.param("action")) {
        case "upload" -> {
          return "Installed: " + Upload.take(exchange).key();
        }
        case "enable" -> plugins.enable(key);
        case "disable" -> plugins.disable(key);
        case "uninstall" -> plugins.uninstall(key);
        default -> {
          return "unknown action";
        }
      }
      return "Done: " + key;
    } catch (Refused e) {
      return "Refused: " + e.getMessage();
    }
  }

  private static String row(Exchange exchange, Plugin plugin) {
    String configure = plugin.descriptor().params().get("configure.url");
    return exchange.fill(
        "upm-row.html",
        "key",
        plugin.key(),
        "name",
        plugin.descriptor().name(),
        "version",
        plugin.descriptor().version(),
        "state",
        plugin.isEnabled() ? "enabled" : "disabled",
        "switch",
        plugin.isEnabled() ? "disable" : "enable",
        "configure",
        configure == null || !plugin.isEnabled()
            ? ""
            : "<a class=\"upm-configure\" href=\""
                + Page.escape(exchange.path(configure))
                + "\">Configure</a>",
        "upm-token",
        UpmToken.of(exchange));
  }
}
