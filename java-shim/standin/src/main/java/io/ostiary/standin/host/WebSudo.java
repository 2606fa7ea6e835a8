package io.ostiary.standin.host;

import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.servlet.http.HttpSession;

/** Sessions in which the password was confirmed within the last ten minutes. */
public final class WebSudo {

  private static final long VALID_FOR = 10 * 60 * 1000L;

  private final Switches switches;
  private final Journal journal;

  WebSudo(Switches switches, Journal journal) {
    this.switches = switches;
    this.journal = journal;
  }

  public boolean isEnabled() {
    return switches.isWebSudo();
  }

  public boolean hasValidSession(HttpSession session) {
    return session != null
        && session.getAttribute(key()) instanceof Long since
        && System.currentTimeMillis() - since < VALID_FOR;
  }

  public void startSession(HttpServletRequest request, HttpServletResponse response) {
    request.getSession().setAttribute(key(), System.currentTimeMillis());
    response.setHeader("X-Atlassian-WebSudo", "Has-Authentication");
    journal.event("websudo started");
  }

  void endSession(HttpServletRequest request) {
    request.getSession().removeAttribute(key());
  }

  /** The confirmation page that leads back to the page of this request. */
  public String pageFor(HttpServletRequest request) {
    String back = Urls.encode(Urls.pathAndQuery(request));
    return request.getContextPath()
        + (switches.profile().isJira()
            ? "/secure/admin/WebSudoAuthenticate!default.jspa?webSudoDestination=" + back
            : "/authenticate.action?destination=" + back);
  }

  private String key() {
    return switches.profile().isJira() ? "jira.websudo.timestamp" : "confluence.websudo.timestamp";
  }
}
