package io.ostiary.atlassian;

import java.io.File;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.concurrent.Callable;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/**
 * The hosts' shared access layer, old and new: newer methods first, since hosts drop the older
 * ones.
 */
final class Sal {

  private static final String API = "com.atlassian.sal.api.";
  private static final String USERS = API + "user.UserManager";
  private static final String SETTINGS = API + "pluginsettings.PluginSettingsFactory";
  private static final String APPLICATION = API + "ApplicationProperties";
  private static final String LOGIN = API + "auth.LoginUriProvider";
  private static final String WEB_SUDO = API + "websudo.WebSudoManager";
  private static final String WEB_SUDO_NEEDED = API + "websudo.WebSudoSessionException";
  private static final String XSRF_TOKEN = API + "xsrf.XsrfTokenAccessor";
  private static final String XSRF_CHECK = API + "xsrf.XsrfTokenValidator";
  private static final String TRANSACTIONS = API + "transaction.TransactionTemplate";

  private final Services services;

  Sal(Services services) {
    this.services = services;
  }

  /** The name of the user who is signed in, or null. Only behind the host's own security filter. */
  String remoteUser(HttpServletRequest request) throws HostException {
    Object users = services.required(USERS);
    if (Reflect.has(users, "getRemoteUser", request)) {
      Object profile = Reflect.call(users, "getRemoteUser", request);
      return profile == null ? null : (String) Reflect.call(profile, "getUsername");
    }
    return (String) Reflect.call(users, "getRemoteUsername", request);
  }

  /** Whether that user is a system administrator. */
  boolean isSystemAdmin(HttpServletRequest request) throws HostException {
    Object users = services.required(USERS);
    if (Reflect.has(users, "getRemoteUserKey", request)) {
      Object key = Reflect.call(users, "getRemoteUserKey", request);
      return key != null && isTrue(Reflect.call(users, "isSystemAdmin", key));
    }
    String name = remoteUser(request);
    return name != null && isTrue(Reflect.call(users, "isSystemAdmin", name));
  }

  /** Where a visitor signs in who wants to go to this page afterwards. */
  URI loginUri(URI back) throws HostException {
    return (URI) Reflect.call(services.required(LOGIN), "getLoginUri", back);
  }

  /** The base URL as the administrator has set it. */
  String baseUrl() throws HostException {
    Object application = services.required(APPLICATION);
    for (Method method : application.getClass().getMethods()) {
      if (method.getName().equals("getBaseUrl") && method.getParameterTypes().length == 1) {
        Object canonical = constant(method.getParameterTypes()[0], "CANONICAL");
        if (canonical != null) {
          return (String) Reflect.call(application, "getBaseUrl", canonical);
        }
      }
    }
    return (String) Reflect.call(application, "getBaseUrl");
  }

  private static Object constant(Class<?> type, String name) {
    Object[] constants = type.getEnumConstants();
    if (constants != null) {
      for (Object constant : constants) {
        if (constant.toString().equals(name) || ((Enum<?>) constant).name().equals(name)) {
          return constant;
        }
      }
    }
    return null;
  }

  String version() throws HostException {
    return (String) Reflect.call(services.required(APPLICATION), "getVersion");
  }

  String displayName() throws HostException {
    return (String) Reflect.call(services.required(APPLICATION), "getDisplayName");
  }

  /** The host's home directory, or null. */
  File home() throws HostException {
    return (File) Reflect.call(services.required(APPLICATION), "getHomeDirectory");
  }

  /** The settings store of the whole installation. */
  Object globalSettings() throws HostException {
    return Reflect.call(services.required(SETTINGS), "createGlobalSettings");
  }

  /**
   * Asks for a secure administrator session where the host wants one.
   *
   * @return false when the user has to confirm the password first
   */
  boolean isElevated(HttpServletRequest request) throws HostException {
    Object webSudo = services.find(WEB_SUDO);
    if (webSudo == null) {
      return true;
    }
    try {
      Reflect.call(webSudo, "willExecuteWebSudoRequest", request);
      return true;
    } catch (HostLacks e) {
      throw e;
    } catch (HostException e) {
      if (e.getCause() != null && Reflect.isA(e.getCause(), WEB_SUDO_NEEDED)) {
        return false;
      }
      throw e;
    }
  }

  /** Sends the user to where the password is confirmed. */
  void elevate(HttpServletRequest request, HttpServletResponse response) throws HostException {
    Reflect.call(services.required(WEB_SUDO), "enforceWebSudoProtection", request, response);
  }

  /** The name of the XSRF parameter. */
  String xsrfName() throws HostException {
    return (String) Reflect.call(services.required(XSRF_CHECK), "getXsrfParameterName");
  }

  /** The XSRF token of this user, made when there is none. */
  String xsrfToken(HttpServletRequest request, HttpServletResponse response) throws HostException {
    return (String)
        Reflect.call(services.required(XSRF_TOKEN), "getXsrfToken", request, response, true);
  }

  /** Whether the request carries the token. */
  boolean hasXsrfToken(HttpServletRequest request) throws HostException {
    try {
      return isTrue(
          Reflect.call(services.required(XSRF_CHECK), "validateFormEncodedToken", request));
    } catch (HostLacks e) {
      throw e;
    } catch (HostException refused) {
      return false;
    }
  }

  /** Runs work that reads or writes the host's database, also from a thread of our own. */
  <T> T inTransaction(final Callable<T> work) throws Exception {
    Object template = services.find(TRANSACTIONS);
    Method execute = template == null ? null : execute(template);
    if (execute == null) {
      return work.call();
    }
    final Object[] result = new Object[1];
    final Exception[] failed = new Exception[1];
    Class<?> callback = execute.getParameterTypes()[0];
    Object proxy =
        Proxy.newProxyInstance(
            callback.getClassLoader(),
            new Class<?>[] {callback},
            new InvocationHandler() {
              @Override
              public Object invoke(Object self, Method method, Object[] arguments) {
                try {
                  result[0] = work.call();
                } catch (Exception e) {
                  failed[0] = e;
                }
                return null;
              }
            });
    Reflect.call(template, "execute", proxy);
    if (failed[0] != null) {
      throw failed[0];
    }
    @SuppressWarnings("unchecked")
    T done = (T) result[0];
    return done;
  }

  private static Method execute(Object template) {
    for (Method method : template.getClass().getMethods()) {
      if (method.getName().equals("execute")
          && method.getParameterTypes().length == 1
          && method.getParameterTypes()[0].isInterface()) {
        return method;
      }
    }
    return null;
  }

  private static boolean isTrue(Object answer) {
    return Boolean.TRUE.equals(answer);
  }
}
