package io.ostiary.standin.web;

import com.atlassian.seraph.auth.AuthenticatorException;
import io.ostiary.standin.host.Urls;
import java.io.IOException;
import javax.servlet.ServletException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Confluence's own pages, with the ids that real ones have. */
final class ConfluencePages {

  private static final Logger LOG = LoggerFactory.getLogger("com.atlassian.confluence");
  private static final String HOME = "/dashboard.action";

  private final Frame frame;

  ConfluencePages(Frame frame) {
    this.frame = frame;
  }

  void into(Routes routes) {
    routes
        .on("GET", "/", exchange -> exchange.redirect(HOME))
        .on("GET", HOME, this::dashboard)
        .on("GET", "/login.action", this::login)
        .on("POST", "/dologin.action", this::login)
        .on("GET POST", "/logout.action", this::logout)
        .on("GET", "/authenticate.action", this::webSudo)
        .on("POST", "/doauthenticate.action", this::confirmPassword)
        .on("GET", "/admin/viewgeneralconfig.action", this::administration)
        .on("GET", "/admin/viewlog4j.action", this::logging)
        .on("POST", "/admin/marklogs.action", this::markLog)
        .on("GET", "/pages/viewpage.action", this::viewPage)
        .below("GET", "/display/", this::display)
        .on("GET", "/setup/setupstart.action", exchange -> plain(exchange, "Set up Confluence"))
        .on("GET POST", "/signup.action", exchange -> plain(exchange, "Sign up"))
        .on("GET", "/plugins/servlet/mobile", this::mobile);
  }

  private void login(Exchange exchange) throws IOException {
    String target = exchange.param("os_destination");
    if (LoginPages.hasJustSignedIn(exchange)) {
      exchange.redirectWithin(target, HOME);
      return;
    }
    if (exchange.parts().switches().isTwoStepLogin()) {
      exchange.html(LoginPages.twoStep(exchange, frame, "Log in", target));
      return;
    }
    String message = LoginPages.message(exchange);
    if (exchange.param("logout").equals("true")) {
      message = exchange.fill("confluence-logged-out.html");
    }
    exchange.html(
        frame.page(
            exchange,
            "Log in",
            exchange.fill("confluence-login.html", "message", message, "target", target),
            "atl.general"));
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
    exchange.redirect("/login.action?logout=true");
  }

  private void dashboard(Exchange exchange) throws IOException {
    exchange.html(
        frame.page(
            exchange,
            "Dashboard",
            exchange.fill("page.html", "id", "dashboard", "text", "Dashboard"),
            "atl.general",
            "atl.dashboard"));
  }

  private void webSudo(Exchange exchange) throws IOException {
    webSudo(exchange, "");
  }

  private void webSudo(Exchange exchange, String message) throws IOException {
    exchange.html(
        frame.page(
            exchange,
            "Administrator Access",
            exchange.fill(
                "confluence-websudo.html",
                "message",
                message,
                "target",
                exchange.param("destination")),
            "atl.general"));
  }

  private void confirmPassword(Exchange exchange) throws IOException {
    if (!Passwords.areRight(exchange, exchange.param("password"))) {
      webSudo(exchange, exchange.fill("login-error.html"));
      return;
    }
    exchange.parts().webSudo().startSession(exchange.request(), exchange.response());
    exchange.redirectWithin(exchange.param("destination"), HOME);
  }

  private void administration(Exchange exchange) throws IOException {
    if (!Passwords.asksForSudo(exchange)) {
      exchange.html(
          frame.admin(exchange, "General configuration", "", "<h1>General configuration</h1>"));
    }
  }

  private void logging(Exchange exchange) throws IOException {
    if (!Passwords.asksForSudo(exchange)) {
      exchange.html(
          frame.admin(
              exchange,
              "Logging and profiling",
              "",
              exchange.fill("mark-log.html", "action", "/admin/marklogs.action")));
    }
  }

  private void markLog(Exchange exchange) throws IOException {
    if (Passwords.asksForSudo(exchange)) {
      return;
    }
    if (!exchange.isXsrfTokenRight()) {
      exchange.response().sendError(403);
      return;
    }
    LOG.info("********** {}", exchange.param("markMessage"));
    exchange.redirect("/admin/viewlog4j.action");
  }

  private void viewPage(Exchange exchange) throws IOException {
    content(exchange, "Page " + exchange.param("pageId"));
  }

  private void display(Exchange exchange) throws IOException {
    content(exchange, Urls.pathAndQuery(exchange.request()));
  }

  private void content(Exchange exchange, String text) throws IOException {
    exchange.html(
        frame.page(
            exchange,
            "Page",
            exchange.fill("page.html", "id", "main-content", "text", text),
            "atl.general"));
  }

  private void mobile(Exchange exchange) throws IOException {
    if (exchange.username() == null) {
      exchange.redirect("/login.action?os_destination=" + Urls.encode("/plugins/servlet/mobile"));
      return;
    }
    exchange.html(exchange.fill("mobile.html", "user", exchange.username()));
  }

  private void plain(Exchange exchange, String title) throws IOException {
    exchange.html(frame.page(exchange, title, "<h1>" + Page.escape(title) + "</h1>"));
  }
}
