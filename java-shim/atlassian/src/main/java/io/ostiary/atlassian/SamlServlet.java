package io.ostiary.atlassian;

import com.atlassian.annotations.security.UnrestrictedAccess;
import io.ostiary.bridge.Action;
import io.ostiary.bridge.Event;
import io.ostiary.bridge.LoginButton;
import io.ostiary.bridge.Response;
import io.ostiary.bridge.UserDirectory;
import io.ostiary.web.Landing;
import io.ostiary.web.Log;
import io.ostiary.web.Reply;
import io.ostiary.web.RequestFacts;
import io.ostiary.web.SessionFacts;
import java.io.IOException;
import java.security.Principal;
import java.util.Collections;
import java.util.logging.Level;
import javax.servlet.ServletException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Sign-on, consuming, logout, metadata, health, and the public text of the button. */
@UnrestrictedAccess
public final class SamlServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  private static final String BUTTON = "/saml/getLoginButtonConfFields";

  private transient Addon addon;

  @Override
  public void init() throws ServletException {
    addon = Addon.acquire(getServletContext());
  }

  @Override
  public void destroy() {
    Addon.release();
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    addon.keeper().look(false);
    String path = RequestFacts.path(request);
    if (path.endsWith(BUTTON)) {
      button(response);
      return;
    }
    Action action;
    try {
      SessionFacts facts = addon.sessions().facts(request);
      Event event =
          RequestFacts.event(
              request,
              request.getRequestURL().toString(),
              path,
              request.getQueryString(),
              addon.sessions().user(request),
              facts == null ? null : facts.json(),
              true,
              addon.keeper().maxFormBytes());
      action = addon.keeper().ask(event, users(request));
    } catch (RuntimeException defect) {
      Log.defect("a request could not be judged", defect);
      Reply.unavailable(response, HttpServletResponse.SC_INTERNAL_SERVER_ERROR, "internal");
      return;
    }
    carryOut(action, request, response);
  }

  /** Nothing but what every visitor of a login page sees. */
  private void button(HttpServletResponse response) throws IOException {
    LoginButton button = addon.keeper().button();
    response.setContentType("application/json; charset=utf-8");
    response.setHeader("Cache-Control", "no-store");
    response.getWriter().write(button == null ? "{}" : button.json());
  }

  private UserDirectory users(HttpServletRequest request) {
    try {
      return new HostUsers(addon.seraph(request), request);
    } catch (HostException e) {
      final UserDirectory.Answer failed = UserDirectory.Answer.failed(e.getMessage());
      return new UserDirectory() {
        @Override
        public Answer find(String user) {
          return failed;
        }
      };
    }
  }

  private void carryOut(Action action, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (action == null) {
      Reply.unavailable(
          response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, addon.keeper().whyClosed());
      return;
    }
    switch (action.kind()) {
      case RESPOND:
        Reply.send(response, action.response());
        return;
      case SIGN_IN:
        signIn(action, request, response);
        return;
      case SIGN_OUT:
        signOut(action, request, response);
        return;
      default:
        response.sendError(HttpServletResponse.SC_NOT_FOUND);
    }
  }

  private void signIn(Action action, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String refused = "user-not-permitted";
    try {
      Seraph seraph = addon.seraph(request);
      Principal user = seraph.find(action.user());
      HttpServletRequest towards = TowardsRequest.of(request, action.target());
      if (user != null
          && addon.sessions().signIn(seraph, user, action.session(), request, towards, response)) {
        Landing.send(response, action.target(), action.cookies());
        return;
      }
      Log.line(
          Level.WARNING,
          refused
              + ": the host did not sign in "
              + action.user()
              + " ["
              + action.correlation()
              + "]");
    } catch (HostException e) {
      refused = "user-lookup-failed";
      Log.line(Level.SEVERE, refused + ": " + e.getMessage() + " [" + action.correlation() + "]");
    }
    addon.sessions().endCurrent(request);
    Reply.unavailable(response, HttpServletResponse.SC_FORBIDDEN, refused);
  }

  private void signOut(Action action, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      Seraph seraph = addon.seraph(request);
      if (action.signOut().isCurrentSession()) {
        seraph.signOut(request, response);
      } else {
        seraph.forgetRemembered(request, response);
      }
    } catch (HostException e) {
      Log.line(Level.WARNING, "signing out on the host: " + e.getMessage());
    }
    if (action.signOut().isCurrentSession()) {
      addon.sessions().endCurrent(request);
    } else {
      addon.sessions().end(action.signOut());
    }
    Response then = action.response();
    if (then == null) {
      Reply.seeOther(response, request.getContextPath() + "/", Collections.<String>emptyList());
    } else {
      Reply.send(response, then);
    }
  }
}
