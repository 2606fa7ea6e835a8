package io.ostiary.standin.web;

import com.atlassian.seraph.auth.AuthenticatorException;
import io.ostiary.standin.Profile;
import java.io.IOException;
import javax.servlet.ServletException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Jira's own pages, with the ids that real ones have. */
final class JiraPages {

  private static final Logger LOG = LoggerFactory.getLogger("com.atlassian.jira");
  private static final String HOME = "/secure/Dashboard.jspa";

  private final Frame frame;
  private final Profile profile;

  JiraPages(Frame frame, Profile profile) {
    this.frame = frame;
    this.profile = profile;
  }

  void into(Routes routes) {
    routes
        .on("GET", "/", exchange -> exchange.redirect(HOME))
        .on("GET", "/default.jsp", exchange -> exchange.redirect(HOME))
        .on("GET POST", "/login.jsp", this::login)
        .on("GET", HOME, this::dashboard)
        .on("GET", "/logout", exchange -> exchange.redirect("/secure/Logout!default.jspa"))
        .on("GET POST", "/secure/Logout.jspa", this::logout)
        .on("GET POST", "/secure/Logout!default.jspa", this::logout)
        .on("GET", "/logoutconfirm.jsp", this::confirmLogout)
        .on("GET POST", "/secure/XsrfErrorAction.jspa", this::xsrfError)
        .on("GET", "/secure/admin/WebSudoAuthenticate!default.jspa", this::webSudo)
        .on("POST", "/secure/admin/WebSudoAuthenticate.jspa", this::confirmPassword)
        .on("GET", "/secure/admin/ViewApplicationProperties.jspa", this::administration)
        .on("GET", "/secure/admin/ViewLogging.jspa", this::logging)
        .on("POST", "/secure/admin/ViewLogging!markLogs.jspa", this::markLog)
        .on("GET", "/secure/SetupMode!default.jspa", exchange -> plain(exchange, "Set up Jira"))
        .on("GET POST", "/secure/Signup!default.jspa", exchange -> plain(exchange, "Sign up"))
        .below("GET", "/browse/", this::issue)
        .below("GET", "/projects/", this::issue)
        .below("GET", "/plugins/servlet/project-config/", this::projectSettings);
    if (profile.isOldest()) {
      routes
          .on("GET", "/plugins/servlet/mobile", this::mobile)
          .on("GET POST", "/plugins/servlet/mobile/login", this::mobileLogin);
    }
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
    exchange.html(
        frame.page(
            exchange,
            "Log in",
            exchange.fill(
                "jira-login.html",
                "message",
                LoginPages.message(exchange),
                "target",
                target,
                "role",
                exchange.param("user_role")),
            "atl.general"));
  }

  private void dashboard(Exchange exchange) throws IOException {
    boolean gadget = exchange.username() == null && !profile.isPlatform7();
    exchange.html(
        frame.page(
            exchange,
            "System Dashboard",
            exchange.fill(gadget ? "jira-dashboard-anonymous.html" : "jira-dashboard.html"),
            "atl.general",
            "atl.dashboard"));
  }

  private void logout(Exchange exchange) throws IOException, ServletException {
    if (exchange.username() != null && !exchange.isXsrfTokenRight()) {
      exchange.redirect("/logoutconfirm.jsp");
      return;
    }
    try {
      exchange
          .parts()
          .security()
          .getAuthenticator()
          .logout(exchange.request(), exchange.response());
    } catch (AuthenticatorException e) {
      throw new ServletException(e);
    }
    exchange.html(
        frame.page(exchange, "Logout", exchange.fill("jira-logged-out.html"), "atl.general"));
  }

  private void confirmLogout(Exchange exchange) throws IOException {
    exchange.html(
        frame.page(
            exchange, "Confirm logout", exchange.fill("jira-logout-confirm.html"), "atl.general"));
  }

  private void xsrfError(Exchange exchange) throws IOException {
    exchange.response().setStatus(403);
    exchange.html(
        frame.page(exchange, "XSRF Security Token Missing", exchange.fill("jira-xsrf.html")));
  }

  private void webSudo(Exchange exchange) throws IOException {
    exchange.html(
        frame.page(
            exchange,
            "Administrator Access",
            exchange.fill(
                "jira-websudo.html", "message", "", "target", exchange.param("webSudoDestination")),
            "atl.general"));
  }

  private void confirmPassword(Exchange exchange) throws IOException {
    String password = exchange.param("webSudoPassword");
    if (!Passwords.areRight(exchange, password)) {
      exchange.html(
          frame.page(
              exchange,
              "Administrator Access",
              exchange.fill(
                  "jira-websudo.html",
                  "message",
                  exchange.fill("login-error.html"),
                  "target",
                  exchange.param("webSudoDestination")),
              "atl.general"));
      return;
    }
    exchange.parts().webSudo().startSession(exchange.request(), exchange.response());
    exchange.redirectWithin(exchange.param("webSudoDestination"), HOME);
  }

  private void administration(Exchange exchange) throws IOException {
    if (Passwords.asksForSudo(exchange)) {
      return;
    }
    exchange.html(
        frame.admin(exchange, "General configuration", "", "<h1>General configuration</h1>"));
  }

  private void logging(Exchange exchange) throws IOException {
    if (Passwords.asksForSudo(exchange)) {
      return;
    }
    exchange.html(
        frame.admin(
            exchange,
            "Logging and profiling",
            "",
            exchange.fill("mark-log.html", "action", "/secure/admin/ViewLogging!markLogs.jspa")));
  }

  private void markLog(Exchange exchange) throws IOException {
    if (Passwords.asksForSudo(exchange)) {
      return;
    }
    if (!exchange.isXsrfTokenRight()) {
      xsrfError(exchange);
      return;
    }
    LOG.info("********** {}", exchange.param("markMessage"));
    exchange.redirect("/secure/admin/ViewLogging.jspa");
  }

  private void issue(Exchange exchange) throws IOException {
    exchange.html(
        frame.page(
            exchange,
            "Issue",
            exchange.fill(
                "page.html", "id", "issue-content", "text", exchange.request().getServletPath()),
            "atl.general"));
  }

  private void projectSettings(Exchange exchange) throws IOException {
    exchange.html(
        frame.page(
            exchange, "Project settings", exchange.fill("jira-project.html"), "atl.general"));
  }

  private void mobile(Exchange exchange) throws IOException {
    exchange.html(exchange.fill("mobile.html", "user", String.valueOf(exchange.username())));
  }

  private void mobileLogin(Exchange exchange) throws IOException {
    if (exchange.isPost()) {
      boolean in = LoginPages.hasJustSignedIn(exchange);
      Exchange.json(exchange.response(), in ? 200 : 401, "{\"loginSucceeded\":" + in + "}");
      return;
    }
    mobile(exchange);
  }

  private void plain(Exchange exchange, String title) throws IOException {
    exchange.html(frame.page(exchange, title, "<h1>" + Page.escape(title) + "</h1>"));
  }
}
