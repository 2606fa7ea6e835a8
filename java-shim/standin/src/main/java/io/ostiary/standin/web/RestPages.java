package io.ostiary.standin.web;

import com.atlassian.seraph.auth.AuthenticatorException;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.ostiary.standin.Profile;
import io.ostiary.standin.host.Urls;
import io.ostiary.standin.users.Account;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import javax.servlet.ServletException;

/** REST endpoints: who am I, and every password door that takes JSON. */
final class RestPages {

  private final Profile profile;

  RestPages(Profile profile) {
    this.profile = profile;
  }

  void into(Routes routes) {
    // What other applications and pages of other sites ask without a user.
    routes.below("GET", "/rest/applinks/", exchange -> exchange.json(200, Map.of("id", "standin")));
    routes.below(
        "GET POST", "/rest/collectors/", exchange -> exchange.json(200, Map.of("form", "x")));
    routes.below("POST", "/rest/webhooks/", exchange -> exchange.json(200, Map.of()));
    routes.below(
        "GET POST PUT DELETE",
        "/rest/",
        exchange -> exchange.json(404, Map.of("message", "null for uri")));
    if (profile.isJira()) {
      routes
          .on("GET", "/rest/api/2/myself", RestPages::myself)
          .on("GET", "/rest/api/latest/myself", RestPages::myself)
          .on("GET POST", "/rest/gadget/1.0/login", RestPages::gadgetLogin)
          .on("GET POST DELETE", "/rest/auth/1/session", this::session)
          .on("GET POST DELETE", "/rest/auth/latest/session", this::session);
    } else {
      routes.on("GET", "/rest/api/user/current", RestPages::myself);
    }
    if (profile.isOldest()) {
      routes.below("GET POST", "/rpc/", RestPages::rpc);
    }
    if (profile.isPlatform7()) {
      routes
          .on("POST", "/rest/tsv/1.0/authenticate", RestPages::twoStep)
          .on("POST", "/rest/tsv/latest/authenticate", RestPages::twoStep)
          .on("GET", "/rest/authconfig/latest/login-options", RestPages::loginOptions)
          .on("GET", "/rest/authconfig/1.0/login-options", RestPages::loginOptions);
    }
  }

  private static void myself(Exchange exchange) throws IOException {
    Account account = exchange.parts().accounts().find(exchange.username());
    if (account == null) {
      exchange.json(
          401, Map.of("message", "Client must be authenticated to access this resource."));
      return;
    }
    exchange.json(
        200,
        Map.of(
            "name", account.name(),
            "emailAddress", account.mail(),
            "displayName", account.displayName()));
  }

  private static void gadgetLogin(Exchange exchange) throws IOException {
    boolean in = LoginPages.hasJustSignedIn(exchange);
    exchange.json(
        200, Map.of("loginSucceeded", in, "loginError", false, "loginFailedByPermissions", false));
  }

  private void session(Exchange exchange) throws IOException, ServletException {
    if (exchange.isPost()) {
      sessionLogin(exchange);
    } else if (exchange.username() == null) {
      exchange.json(401, Map.of("errorMessages", List.of("You are not authenticated.")));
    } else if (exchange.request().getMethod().equals("DELETE")) {
      logout(exchange);
      exchange.response().setStatus(204);
    } else {
      exchange.json(200, Map.of("name", exchange.username()));
    }
  }

  private void sessionLogin(Exchange exchange) throws IOException, ServletException {
    if (profile == Profile.JIRA_11) {
      exchange.json(403, Map.of("errorMessages", List.of("Basic authentication is disabled.")));
      return;
    }
    JsonObject body = exchange.jsonBody();
    if (body != null && login(exchange, text(body, "username"), text(body, "password"), false)) {
      exchange.json(
          200,
          Map.of(
              "session",
              Map.of("name", "JSESSIONID", "value", exchange.request().getSession().getId())));
      return;
    }
    exchange.json(401, Map.of("errorMessages", List.of("Login failed")));
  }

  private static void twoStep(Exchange exchange) throws IOException, ServletException {
    JsonObject body = exchange.jsonBody();
    if (body != null
        && login(
            exchange,
            text(body, "username"),
            text(body, "password"),
            text(body, "rememberMe").equals("true"))) {
      exchange.json(
          200, Map.of("targetUrl", Urls.within(exchange.request(), text(body, "targetUrl"), "/")));
      return;
    }
    exchange.json(401, Map.of("errors", List.of("invalid credentials")));
  }

  private static void loginOptions(Exchange exchange) throws IOException {
    exchange.json(
        200,
        Map.of("results", List.of(Map.of("type", "LOGIN_FORM", "name", "Username and password"))));
  }

  private static void rpc(Exchange exchange) throws IOException {
    if (exchange.username() == null) {
      exchange.response().sendError(401);
      return;
    }
    exchange.response().setContentType("text/xml;charset=UTF-8");
    exchange.response().getWriter().write("<ok/>");
  }

  private static boolean login(Exchange exchange, String name, String password, boolean remember)
      throws ServletException {
    try {
      return exchange
          .parts()
          .security()
          .getAuthenticator()
          .login(exchange.request(), exchange.response(), name, password, remember);
    } catch (AuthenticatorException e) {
      throw new ServletException(e);
    }
  }

  private static void logout(Exchange exchange) throws ServletException {
    try {
      exchange
          .parts()
          .security()
          .getAuthenticator()
          .logout(exchange.request(), exchange.response());
    } catch (AuthenticatorException e) {
      throw new ServletException(e);
    }
  }

  private static String text(JsonObject body, String name) {
    JsonElement value = body.get(name);
    return value == null || !value.isJsonPrimitive() ? "" : value.getAsString();
  }
}
