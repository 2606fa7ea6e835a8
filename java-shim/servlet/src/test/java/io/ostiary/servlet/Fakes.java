package io.ostiary.servlet;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpSession;

/** Servlet objects that answer what a test told them, and refuse every other question. */
final class Fakes {

  private Fakes() {}

  /** A request whose methods answer by name, whatever their arguments. */
  static HttpServletRequest request(Map<String, ?> answers) {
    return proxy(
        HttpServletRequest.class,
        (self, method, arguments) -> {
          if (!answers.containsKey(method.getName())) {
            throw new AssertionError("unexpected " + method.getName());
          }
          return answers.get(method.getName());
        });
  }

  /** A session with attributes that can end, as a container's does. */
  static HttpSession session() {
    Map<String, Object> attributes = new LinkedHashMap<>();
    boolean[] ended = {false};
    return proxy(
        HttpSession.class,
        (self, method, arguments) -> {
          if (method.getName().equals("hashCode")) {
            return System.identityHashCode(self);
          }
          if (method.getName().equals("equals")) {
            return self == arguments[0];
          }
          if (ended[0]) {
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
            case "getCreationTime":
              return 0L;
            case "invalidate":
              ended[0] = true;
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
    return type.cast(Proxy.newProxyInstance(Fakes.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
