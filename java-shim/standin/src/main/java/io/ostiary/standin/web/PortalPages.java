package io.ostiary.standin.web;

import com.atlassian.seraph.auth.AuthenticatorException;
import io.ostiary.standin.Profile;
import io.ostiary.standin.users.Roles;
import java.io.IOException;
import java.util.Map;
import javax.servlet.ServletException;

/** The customer portal of service management; the oldest Jira has none. */
final class PortalPages {

  private static final String HOME = Roles.PORTAL + "/portals";

  private final Frame frame;
  private final Profile profile;

  PortalPages(Frame frame, Profile profile) {
    this.frame = frame;
    this.profile = profile;
  }

  void into(Routes routes) {
    if (profile.isOldest()) {
      return;
    }
    routes
        .on("GET POST", Roles.PORTAL + "/user/login", this::login)
        .on("GET", Roles.PORTAL + "/user/logout", this::logout)
        .on("GET POST", Roles.PORTAL + "/user/signup", this::login)
        .on("GET", Roles.PORTAL, exchange -> exchange.redirect(HOME))
        .below("GET", Roles.PORTAL + "/portal", this::portal);
  }

  private void login(Exchange exchange) throws IOException {
    if (exchange.isPost()) {
      boolean in = LoginPages.hasJustSignedIn(exchange);
      exchange.json(200, Map.of("loginSucceeded", in));
      return;
    }
    String target = Roles.PORTAL + "/" + exchange.param("destination");
    if (exchange.parts().switches().isTwoStepLogin()) {
      exchange.html(
          frame.page(
              exchange,
              "Customer portal",
              exchange.fill("two-step.html", "target", target),
              "customerportal"));
      return;
    }
    exchange.html(
        frame.page(
            exchange,
            "Customer portal",
            exchange.fill("portal-login.html", "target", target),
            "customerportal"));
  }

  private void portal(Exchange exchange) throws IOException {
    String user = exchange.username();
    if (user == null) {
      String path = exchange.request().getServletPath().substring(Roles.PORTAL.length() + 1);
      exchange.redirect(
          Roles.PORTAL + "/user/login?destination=" + io.ostiary.standin.host.Urls.encode(path));
      return;
    }
    exchange.html(
        frame.page(
            exchange,
            "Customer portal",
            exchange.fill("portal.html", "user", user),
            "customerportal"));
  }

  private void logout(Exchange exchange) throws IOException, ServletException {
    try {
      exchange
          .parts()
          .security()
          .getAuthenticator()
          .logout(exchange.request(), exchange.response());
    } catch (AuthenticatorException e) {
      throw new ServletException(e);
    }
    exchange.redirect(Roles.PORTAL + "/user/login?destination=portals");
  }
}
