package io.ostiary.demo;

import java.io.IOException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.servlet.http.HttpSession;

/**
 * The public start page with the sign-in button. It has a session, as shops and trackers have
 * before anybody signs in.
 */
final class StartServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final String VISITS = "visits";

  private final String portal;

  StartServlet(String portal) {
    this.portal = portal;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String user = request.getRemoteUser();
    HttpSession session = request.getSession();
    int visits = session.getAttribute(VISITS) instanceof Integer before ? before + 1 : 1;
    session.setAttribute(VISITS, visits);
    String body = user == null ? stranger() : visitor(user);
    String seen =
        "<p><small>Visits of this page in this session: <span id=\"visits\">"
            + visits
            + "</span></small></p>";
    Application.send(response, Pages.page("Welcome", body + seen));
  }

  private String stranger() {
    return """
        <p>Nobody is signed in. This page is open to everybody; all others are not.</p>
        <p><a class="button" id="sign-in" href="/account">Sign in with Microsoft Entra ID</a></p>
        <p>Or come in by a <a id="deep-link" href="/browse/DEMO-1?filter=open&amp;sort=a%%2Bb">deep link</a>,
        or from the tile in <a id="portal" href="%s">My Apps</a>.</p>
        """
        .formatted(Pages.escape(portal));
  }

  private static String visitor(String user) {
    return """
        <p>Signed in as <strong id="user">%s</strong>.</p>
        <p><a class="button" href="/account">My account</a> &nbsp; <a id="sign-out" href="%s">Sign out</a></p>
        """
        .formatted(Pages.escape(user), Application.SIGN_OUT_PATH);
  }
}
