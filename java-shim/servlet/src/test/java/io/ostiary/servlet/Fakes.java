package io.ostiary.servlet;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpSession;

/** Servlet objects that answer what a test told them, and refuse every other question. */
final class Fakes {

  private static final String INTERVAL = "interval";

  private Fakes() {}

  /** A request whose methods answer by name, whatever their arguments. */
  static HttpServletRequest request(Map<String, ?> answers) {
    return request(answers, Map.of());
  }

  /** A request whose methods answer by name, and whose attributes are these. */
  static HttpServletRequest request(Map<String, ?> answers, Map<String, ?> attributes) {
    return proxy(
        HttpServletRequest.class,
        (self, method, arguments) -> {
          if (method.getName().equals("getAttribute")) {
            return attributes.get((String) arguments[0]);
          }
          if (!answers.containsKey(method.getName())) {
            throw new AssertionError("unexpected " + method.getName());
          }
          return answers.get(method.getName());
        });
  }

  /** A request of a Servlet 3.0 container, with the session or none to begin with. */
  static HttpServletRequest requestIn(HttpSession session) {
    HttpSession[] current = {session};
    return proxy(
        HttpServletRequest.class,
        (self, method, arguments) -> {
          switch (method.getName()) {
            case "getSession":
              if (current[0] != null && hasEnded(current[0])) {
                current[0] = null;
              }
              if (current[0] == null && (Boolean) arguments[0]) {
                current[0] = session();
              }
              return current[0];
            case "getRemoteUser":
            case "getUserPrincipal":
            case "getAuthType":
            case "logout":
              return null;
            case "isUserInRole":
              return arguments[0].equals("container-role");
            default:
              throw new AssertionError("unexpected " + method.getName());
          }
        });
  }

  /** A session with attributes that can end, as a container's does. */
  static HttpSession session() {
    Map<String, Object> attributes = new ConcurrentHashMap<>();
    AtomicBoolean ended = new AtomicBoolean();
    return proxy(
        HttpSession.class,
        (self, method, arguments) -> {
          if (method.getName().equals("hashCode")) {
            return System.identityHashCode(self);
          }
          if (method.getName().equals("equals")) {
            return self == arguments[0];
          }
          if (ended.get()) {
            throw new IllegalStateException("ended");
          }
          switch (method.getName()) {
            case "getAttribute":
              return attributes.get((String) arguments[0]);
            case "setAttribute":
              attributes.put((String) arguments[0], arguments[1]);
              return null;
            case "removeAttribute":
              attributes.remove((String) arguments[0]);
              return null;
            case "getAttributeNames":
              return Collections.enumeration(new ArrayList<>(attributes.keySet()));
            case "getMaxInactiveInterval":
              return attributes.getOrDefault(INTERVAL, 1800);
            case "setMaxInactiveInterval":
              attributes.put(INTERVAL, arguments[0]);
              return null;
            case "getCreationTime":
              return 0L;
            case "invalidate":
              ended.set(true);
              return null;
            default:
              throw new AssertionError("unexpected " + method.getName());
          }
        });
  }

  static boolean hasEnded(HttpSession session) {
    try {
      session.getCreationTime();
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(Fakes.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
