package io.ostiary.atlassian;

import java.security.Principal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.servlet.ServletContext;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/**
 * Signs users in and out through the host's own authenticator, so that its licence check, its
 * defence against session fixation, its events and its last-login date work as for a password.
 */
final class Seraph {

  private static final String CONFIG = "seraph_config";
  private static final String CONFIG_FACTORY = "com.atlassian.seraph.config.SecurityConfigFactory";
  private static final String AUTHENTICATOR = "com.atlassian.seraph.auth.DefaultAuthenticator";
  private static final String GET_USER = "getUser";
  private static final String SIGN_IN = "authoriseUserAndEstablishSession";
  private static final String CAN_LOGIN = "canLogin";

  private final Product product;
  private final Object config;
  private final List<ClassLoader> loaders;

  Seraph(Product product, Object config, List<ClassLoader> loaders) {
    this.product = product;
    this.config = config;
    this.loaders = loaders;
  }

  /**
   * Finds the host's security configuration.
   *
   * @param others class loaders that may know the host's classes
   */
  static Seraph of(Product product, ServletContext context, ClassLoader... others)
      throws HostException {
    Object config = context.getAttribute(CONFIG);
    List<ClassLoader> loaders = new ArrayList<ClassLoader>();
    if (config != null) {
      loaders.add(config.getClass().getClassLoader());
    }
    loaders.addAll(Arrays.asList(others));
    if (config == null) {
      config = Reflect.callStatic(Reflect.load(loaders, CONFIG_FACTORY), "getInstance");
    }
    if (config == null) {
      throw new HostLacks("This host has no Seraph configuration.");
    }
    Object authenticator = Reflect.call(config, "getAuthenticator");
    if (authenticator == null) {
      throw new HostLacks("This host's Seraph configuration has no authenticator.");
    }
    loaders.add(0, authenticator.getClass().getClassLoader());
    if (!Reflect.isA(authenticator, AUTHENTICATOR)) {
      throw new HostLacks(
          "This host signs users in with "
              + authenticator.getClass().getName()
              + ", which is no "
              + AUTHENTICATOR
              + ". Name the authenticator that the host came with in seraph-config.xml.");
    }
    return new Seraph(product, config, loaders);
  }

  /** Everything that this host lacks, each in one sentence. */
  List<String> lacks(HttpServletRequest request) {
    List<String> lacks = new ArrayList<String>();
    try {
      Object authenticator = authenticator();
      Principal nobody = new Nobody();
      Reflect.protectedMethod(authenticator, GET_USER, "");
      Reflect.protectedMethod(authenticator, SIGN_IN, request, null, nobody);
      if (!Reflect.has(roleMapper(), CAN_LOGIN, nobody, request)) {
        lacks.add("This host's role mapper has no method canLogin.");
      }
      lastLogin();
    } catch (HostException e) {
      lacks.add(e.getMessage());
    }
    return lacks;
  }

  private Object authenticator() throws HostException {
    return Reflect.call(config, "getAuthenticator");
  }

  private Object roleMapper() throws HostException {
    Object mapper = Reflect.call(config, "getRoleMapper");
    if (mapper == null) {
      throw new HostLacks("This host's Seraph configuration has no role mapper.");
    }
    return mapper;
  }

  /**
   * The user of that name, or null. The name as it is comes first; hosts that keep their names in
   * lower case get it so the second time. A user whose name differs in more than case is not taken.
   */
  Principal find(String name) throws HostException {
    Principal exact = get(name, name);
    if (exact != null) {
      return exact;
    }
    String lower = name.toLowerCase(Locale.ENGLISH);
    return lower.equals(name) ? null : get(lower, name);
  }

  private Principal get(String asked, String name) throws HostException {
    Object found = Reflect.callProtected(authenticator(), GET_USER, asked);
    if (!(found instanceof Principal)) {
      return null;
    }
    Principal user = (Principal) found;
    return differInCaseAtMost(name, user.getName()) ? user : null;
  }

  /**
   * Letters of a pair lead to each other. equalsIgnoreCase() is content with one way, and so takes
   * the Kelvin sign for a k, the dotless i for an i and the long s for an s: others' names.
   */
  private static boolean differInCaseAtMost(String one, String other) {
    if (one.length() != other.length()) {
      return false;
    }
    for (int i = 0; i < one.length(); i++) {
      char a = one.charAt(i);
      char b = other.charAt(i);
      if (a != b && !isPair(a, b) && !isPair(b, a)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPair(char upper, char lower) {
    return Character.toLowerCase(upper) == lower && Character.toUpperCase(lower) == upper;
  }

  /** Whether the user is switched off; false where the host does not tell. */
  boolean isInactive(Principal user) throws HostException {
    Object teller = user;
    if (!Reflect.has(user, "isActive")) {
      Object directories = product.directories(loaders);
      teller = directories == null ? null : Reflect.call(directories, "getUser", user.getName());
    }
    return teller != null
        && Reflect.has(teller, "isActive")
        && Boolean.FALSE.equals(Reflect.call(teller, "isActive"));
  }

  /** Whether the user has a licence and may use the host. */
  boolean canLogIn(Principal user, HttpServletRequest request) throws HostException {
    return Boolean.TRUE.equals(Reflect.call(roleMapper(), CAN_LOGIN, user, request));
  }

  /**
   * Signs a user in and moves the last-login date once.
   *
   * @return false when the host refuses
   * @throws HostException when it cannot; nobody is signed in then
   */
  boolean signIn(Principal user, HttpServletRequest request, HttpServletResponse response)
      throws HostException {
    LastLogin lastLogin = lastLogin();
    Object signedIn = Reflect.callProtected(authenticator(), SIGN_IN, request, response, user);
    if (!Boolean.TRUE.equals(signedIn)) {
      return false;
    }
    lastLogin.moved(request, user.getName());
    return true;
  }

  /** Signs the user of this request out: interceptors, session, remember-me cookie. */
  void signOut(HttpServletRequest request, HttpServletResponse response) throws HostException {
    Reflect.call(authenticator(), "logout", request, response);
    forgetRemembered(request, response);
  }

  /** Removes the remember-me cookie, which would sign the user in again. */
  void forgetRemembered(HttpServletRequest request, HttpServletResponse response)
      throws HostException {
    Object service = Reflect.call(config, "getRememberMeService");
    if (service != null) {
      Reflect.call(service, "removeRememberMeCookie", request, response);
    }
  }

  private LastLogin lastLogin() throws HostException {
    Object guard = Reflect.call(config, "getElevatedSecurityGuard");
    // Seraph's own does nothing; the products' ones keep the date.
    if (guard != null && !guard.getClass().getSimpleName().startsWith("Noop")) {
      return new LastLogin(guard, "onSuccessfulLoginAttempt");
    }
    return product.lastLogin(loaders);
  }

  /** The one call that moves the last-login date on this host. */
  static final class LastLogin {
    private final Object keeper;
    private final String method;

    LastLogin(Object keeper, String method) {
      this.keeper = keeper;
      this.method = method;
    }

    void moved(HttpServletRequest request, String user) throws HostException {
      if (Reflect.has(keeper, method, request, user)) {
        Reflect.call(keeper, method, request, user);
      } else if (Reflect.has(keeper, method, user, request)) {
        Reflect.call(keeper, method, user, request);
      } else {
        Reflect.call(keeper, method, request, user, true);
      }
    }
  }

  private static final class Nobody implements Principal {
    @Override
    public String getName() {
      return "";
    }
  }
}
