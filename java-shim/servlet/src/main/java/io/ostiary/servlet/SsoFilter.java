package io.ostiary.servlet;

import io.ostiary.bridge.Action;
import io.ostiary.bridge.Event;
import io.ostiary.bridge.InMemoryOneTimeStore;
import io.ostiary.bridge.OneTimeStore;
import io.ostiary.bridge.UserDirectory;
import io.ostiary.web.Landing;
import io.ostiary.web.Log;
import io.ostiary.web.Reply;
import io.ostiary.web.RequestFacts;
import io.ostiary.web.Routes;
import io.ostiary.web.SessionFacts;
import io.ostiary.web.SessionSlot;
import java.io.File;
import java.io.IOException;
import javax.servlet.DispatcherType;
import javax.servlet.Filter;
import javax.servlet.FilterChain;
import javax.servlet.FilterConfig;
import javax.servlet.ServletContext;
import javax.servlet.ServletException;
import javax.servlet.ServletRequest;
import javax.servlet.ServletResponse;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/**
 * Signs the users of a servlet application in with SAML 2.0, and lets nobody else see a page that
 * is not open.
 *
 * <p>Map it to {@code /*} for the dispatcher types REQUEST, FORWARD and ASYNC, first among the
 * filters, with {@code async-supported}. Its configuration is the JSON file (docs/wire.md,
 * "Configuration") that the init-param {@code ostiary.config} names, else the system property of
 * that name. The process must be able to replace the file, because the keys of this installation
 * and the identity provider's newest certificates are kept in it. A change to the file is taken
 * over within seconds; one that cannot be used is logged, and the old configuration stays in force.
 *
 * <p>Everything is protected but the paths of {@code access.open}. They are compared with the path
 * that the container gives to the servlet: where a container serves a welcome file for {@code /},
 * open both {@code /} and {@code /index.html}. Error pages of the container (ERROR dispatch) are
 * shown to everybody.
 *
 * <p>Who has signed in is {@code getRemoteUser()} and {@code getUserPrincipal()}, which is an
 * {@link SsoPrincipal}. Roles stay the container's.
 *
 * <p>An application with users of its own gives a {@link UserDirectory}, one with several nodes a
 * shared {@link OneTimeStore}: to the constructor, or as attributes of the servlet context under
 * {@link #USER_DIRECTORY} and {@link #ONE_TIME_STORE}, set by a ServletContextListener.
 *
 * <p>Where the native library or the configuration is missing, protected pages answer 503 and open
 * pages work.
 */
public final class SsoFilter implements Filter {

  /** Names the configuration file: an init-param or a system property. */
  public static final String CONFIG = "ostiary.config";

  /** The attribute of the servlet context that may hold a {@link UserDirectory}. */
  public static final String USER_DIRECTORY = "io.ostiary.bridge.UserDirectory";

  /** The attribute of the servlet context that may hold a {@link OneTimeStore}. */
  public static final String ONE_TIME_STORE = "io.ostiary.bridge.OneTimeStore";

  private final File givenConfig;
  private final UserDirectory givenUsers;
  private final OneTimeStore givenStore;

  private volatile Visitors visitors;
  private volatile GateKeeper keeper;

  /** For web.xml: the configuration is named by {@link #CONFIG}. */
  public SsoFilter() {
    this(null);
  }

  /** Takes every user whom the identity provider signs in. */
  public SsoFilter(File config) {
    this(config, null, null);
  }

  /**
   * @param config the configuration file, or null for the one that {@link #CONFIG} names
   * @param users the users of the application, or null for the servlet context's, or else everybody
   * @param oneTime where used messages are remembered, or null for the servlet context's, or else
   *     this process's memory
   */
  public SsoFilter(File config, UserDirectory users, OneTimeStore oneTime) {
    givenConfig = config;
    givenUsers = users;
    givenStore = oneTime;
  }

  @Override
  public void init(FilterConfig filter) throws ServletException {
    ServletContext context = filter.getServletContext();
    File config = givenConfig != null ? givenConfig : namedConfig(filter);
    UserDirectory users = given(givenUsers, context, USER_DIRECTORY, UserDirectory.class);
    OneTimeStore oneTime = given(givenStore, context, ONE_TIME_STORE, OneTimeStore.class);
    visitors = new Visitors(SessionSlot.of(config));
    visitors.listenTo(context);
    keeper =
        new GateKeeper(
            config,
            users != null ? users : UserDirectory.EVERYBODY,
            oneTime != null ? oneTime : new InMemoryOneTimeStore(),
            visitors);
    keeper.start(filter.getFilterName());
  }

  private static File namedConfig(FilterConfig filter) {
    String name = filter.getInitParameter(CONFIG);
    if (name == null || name.trim().isEmpty()) {
      name = System.getProperty(CONFIG);
    }
    return name == null || name.trim().isEmpty() ? null : new File(name.trim()).getAbsoluteFile();
  }

  /**
   * The one that was given, or else the servlet context's. Something else under that name is a
   * mistake that must not open the door.
   */
  private static <T> T given(T given, ServletContext context, String attribute, Class<T> type)
      throws ServletException {
    Object found = context.getAttribute(attribute);
    if (given != null || found == null) {
      return given;
    }
    if (!type.isInstance(found)) {
      throw new ServletException(
          "The attribute "
              + attribute
              + " of the servlet context is no "
              + type.getName()
              + " but a "
              + found.getClass().getName());
    }
    return type.cast(found);
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!(request instanceof HttpServletRequest && response instanceof HttpServletResponse)) {
      throw new ServletException("only HTTP can be protected");
    }
    doFilter((HttpServletRequest) request, (HttpServletResponse) response, chain);
  }

  private void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String path = RequestFacts.path(request);
    Routes routes = keeper.routes();
    SessionFacts visitor = visitors.signedIn(request);
    boolean own = routes.isOwn(path);
    if (own || (visitor == null && isStopped(request, path, routes))) {
      Action action;
      try {
        action = keeper.ask(event(request, path, visitor, own, routes));
      } catch (RuntimeException defect) {
        Log.defect("a request could not be judged", defect);
        Reply.unavailable(response, HttpServletResponse.SC_INTERNAL_SERVER_ERROR, "internal");
        return;
      }
      carryOut(action, request, response, chain, visitor);
    } else {
      chain.doFilter(seenBy(request, visitor), response);
    }
  }

  private static Event event(
      HttpServletRequest request, String path, SessionFacts visitor, boolean own, Routes routes) {
    return RequestFacts.event(
        request,
        AskedFor.url(request),
        path,
        AskedFor.query(request),
        visitor == null ? null : visitor.user(),
        visitor == null ? null : visitor.json(),
        own,
        routes.maxFormBytes());
  }

  private static boolean isStopped(HttpServletRequest request, String path, Routes routes) {
    return decides(request.getDispatcherType())
        && routes.isProtected(path, request.getRequestURI());
  }

  /** Included parts and error pages belong to a request that was judged before. */
  private static boolean decides(DispatcherType type) {
    return type != DispatcherType.INCLUDE && type != DispatcherType.ERROR;
  }

  private HttpServletRequest seenBy(HttpServletRequest request, SessionFacts visitor) {
    return visitor == null || SignedInRequest.isOne(request, visitor)
        ? request
        : new SignedInRequest(request, visitor, visitors);
  }

  private void carryOut(
      Action action,
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain,
      SessionFacts visitor)
      throws IOException, ServletException {
    if (action == null) {
      Reply.unavailable(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, keeper.whyClosed());
      return;
    }
    switch (action.kind()) {
      case PASS:
        chain.doFilter(seenBy(request, visitor), response);
        return;
      case RESPOND:
        Reply.send(response, action.response());
        return;
      case SIGN_IN:
        visitors.signIn(request, action.user(), action.session());
        Landing.send(response, action.target(), action.cookies());
        return;
      case SIGN_OUT:
        visitors.signOut(request, action.signOut());
        Reply.send(response, action.response());
        return;
      default:
        throw new ServletException("the engine left a question open");
    }
  }

  @Override
  public void destroy() {
    if (keeper != null) {
      keeper.stop();
      visitors.forgetAll();
    }
  }
}
