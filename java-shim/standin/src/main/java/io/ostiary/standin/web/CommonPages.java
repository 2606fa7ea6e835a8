package io.ostiary.standin.web;

import io.ostiary.standin.plugins.WebResources;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import javax.servlet.RequestDispatcher;

/** Pages that both products have. */
final class CommonPages {

  private static final String BATCH = "/_/download/resources/";

  private final Frame frame;

  CommonPages(Frame frame) {
    this.frame = frame;
  }

  void into(Routes routes) {
    routes
        .on("GET", "/status", exchange -> exchange.json(200, Map.of("state", "RUNNING")))
        .on("GET POST PUT DELETE", "/error.jsp", this::error)
        .on("GET POST PUT DELETE", "/500page.jsp", this::error)
        .below("GET", "/download/resources/", CommonPages::resource)
        .below("GET", "/download/attachments/", exchange -> text(exchange, "an attachment"))
        .below("GET", "/s/", CommonPages::resource)
        .below("GET POST", "/plugins/servlet/applinks/", exchange -> text(exchange, "applinks"))
        .below("GET POST", "/plugins/servlet/gadgets/", exchange -> text(exchange, "a gadget"))
        .below(
            "GET POST",
            "/plugins/servlet/oauth/",
            exchange -> {
              exchange.response().setStatus(401);
              exchange.response().setHeader("WWW-Authenticate", "OAuth realm=\"standin\"");
            });
  }

  private void error(Exchange exchange) throws IOException {
    Object status = exchange.request().getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    String code = String.valueOf(status == null ? exchange.response().getStatus() : status);
    exchange.html(frame.page(exchange, code, exchange.fill("error.html", "status", code)));
  }

  private static void text(Exchange exchange, String text) throws IOException {
    exchange.response().setContentType("text/plain;charset=UTF-8");
    exchange.response().getWriter().write(text);
  }

  private static void resource(Exchange exchange) throws IOException {
    String path = exchange.request().getServletPath();
    int batch = path.indexOf(BATCH);
    String rest =
        batch >= 0
            ? path.substring(batch + BATCH.length())
            : path.replaceFirst("^/download/resources/", "");
    WebResources.Found found = WebResources.find(exchange.parts().plugins(), rest);
    if (found == null) {
      exchange.response().sendError(404);
      return;
    }
    exchange.response().setContentType(found.type());
    try (InputStream in = found.file().openStream()) {
      in.transferTo(exchange.response().getOutputStream());
    }
  }
}
