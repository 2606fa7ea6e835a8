package io.ostiary.atlassian;

import com.atlassian.annotations.security.UnrestrictedAccess;
import io.ostiary.bridge.Action;
import io.ostiary.bridge.Event;
import io.ostiary.bridge.LoginButton;
import io.ostiary.web.Log;
import io.ostiary.web.Reply;
import io.ostiary.web.RequestFacts;
import io.ostiary.web.SessionFacts;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import javax.servlet.Filter;
import javax.servlet.FilterChain;
import javax.servlet.FilterConfig;
import javax.servlet.ServletException;
import javax.servlet.ServletRequest;
import javax.servlet.ServletResponse;
import javax.servlet.http.Cookie;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/**
 * Puts the button on the host's login pages, and goes on to the identity provider after the host
 * has signed a user out. Every other request passes at once.
 *
 * <p>It runs before the host's own security filter, so who is signed in is told by the session
 * alone.
 */
@UnrestrictedAccess
public final class LoginFilter implements Filter {

  private static final String SEEN = "io.ostiary.atlassian.LoginFilter";

  private Addon addon;

  @Override
  public void init(FilterConfig config) throws ServletException {
    addon = Addon.acquire(config.getServletContext());
  }

  @Override
  public void destroy() {
    Addon.release();
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (request instanceof HttpServletRequest && response instanceof HttpServletResponse) {
      filter((HttpServletRequest) request, (HttpServletResponse) response, chain);
    } else {
      chain.doFilter(request, response);
    }
  }

  private void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String path = RequestFacts.path(request);
    SessionFacts facts = addon.sessions().facts(request);
    boolean out = addon.product().isLogout(path);
    if ((!out && !addon.product().isLoginPage(path)) || request.getAttribute(SEEN) != null) {
      chain.doFilter(request, response);
      return;
    }
    request.setAttribute(SEEN, true);
    if (out) {
      signOut(request, response, chain, facts);
    } else {
      showButton(request, response, chain, path);
    }
  }

  private void showButton(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain, String path)
      throws IOException, ServletException {
    addon.keeper().look(false);
    LoginButton button = addon.keeper().button();
    boolean page = "GET".equals(request.getMethod()) || "POST".equals(request.getMethod());
    if (button == null || !page || addon.sessions().user(request) != null) {
      chain.doFilter(request, response);
      return;
    }
    String addition =
        LoginPage.addition(
            addon.product(),
            request.getContextPath(),
            LoginPage.target(request.getContextPath(), path, request.getQueryString()),
            button);
    HeldResponse held = new HeldResponse(response);
    chain.doFilter(request, held);
    if (isAsync(request)) {
      held.letGoLater();
    } else {
      held.release(addition);
    }
  }

  /**
   * The host first and always. Only when it has signed the user out the identity provider follows.
   */
  private void signOut(
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain,
      SessionFacts facts)
      throws IOException, ServletException {
    if (facts == null) {
      chain.doFilter(request, response);
      return;
    }
    Map<String, String> cookies = cookies(request);
    HeldResponse held = new HeldResponse(response);
    chain.doFilter(request, held);
    if (isAsync(request)) {
      held.letGoLater();
      return;
    }
    Action action = null;
    if (addon.sessions().user(request) == null) {
      addon.sessions().leave(request);
      action = follow(facts, cookies);
    }
    if (action == null || held.isLetGo() || action.response() == null) {
      held.release();
      return;
    }
    held.drop();
    Reply.send(response, action.response());
  }

  /** What follows at the identity provider; null when nothing does. */
  private Action follow(SessionFacts facts, Map<String, String> cookies) {
    try {
      addon.keeper().look(false);
      Action action = addon.keeper().ask(Event.logout(facts.user(), facts.json(), cookies));
      boolean goesOn =
          action != null
              && action.kind() == Action.Kind.SIGN_OUT
              && action.response() != null
              && action.response().location() != null;
      return goesOn ? action : null;
    } catch (RuntimeException defect) {
      Log.defect("a sign-out could not be taken further", defect);
      return null;
    }
  }

  private static Map<String, String> cookies(HttpServletRequest request) {
    Map<String, String> cookies = new HashMap<String, String>();
    Cookie[] sent = request.getCookies();
    if (sent != null) {
      for (Cookie cookie : sent) {
        cookies.put(cookie.getName(), cookie.getValue());
      }
    }
    return cookies;
  }

  /** Servlet 3.0; older containers know nothing of the kind. */
  private static boolean isAsync(HttpServletRequest request) {
    try {
      Method started = HttpServletRequest.class.getMethod("isAsyncStarted");
      return Boolean.TRUE.equals(started.invoke(request));
    } catch (ReflectiveOperationException servlet25) {
      return false;
    }
  }
}
