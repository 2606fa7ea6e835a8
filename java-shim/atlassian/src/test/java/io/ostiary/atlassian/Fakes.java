package io.ostiary.atlassian;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.servlet.ServletContext;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpSession;

/** Servlet objects that answer what a test told them, and refuse every other question. */
final class Fakes {

  private static final AtomicInteger SESSIONS = new AtomicInteger();

  private Fakes() {}

  static ServletContext context(Object seraph) {
    return proxy(
        ServletContext.class,
        (self, method, arguments) ->
            method.getName().equals("getAttribute") && arguments[0].equals("seraph_config")
                ? seraph
                : refuse(method.getName()));
  }

  /** A request with these answers by method name; headers by {@code header:Name}. */
  static HttpServletRequest request(Map<String, ?> answers) {
    HttpSession[] session = {(HttpSession) answers.get("session")};
    return proxy(
        HttpServletRequest.class,
        (self, method, arguments) -> {
          switch (method.getName()) {
            case "getSession":
              if (session[0] == null && arguments != null && arguments[0].equals(true)) {
                session[0] = session();
              }
              return session[0];
            case "getHeader":
              return answers.get("header:" + arguments[0]);
            case "getParameter":
              return answers.get("parameter:" + arguments[0]);
            case "getHeaderNames":
            case "getAttributeNames":
              return null;
            case "getContextPath":
              return "/jira";
            case "getRequestURI":
              return "/jira/plugins/servlet/saml/auth";
            default:
              return answers.containsKey(method.getName())
                  ? answers.get(method.getName())
                  : refuse(method.getName());
          }
        });
  }

  static HttpSession session() {
    Map<String, Object> attributes = new ConcurrentHashMap<>();
    String id = "session-" + SESSIONS.incrementAndGet();
    return proxy(
        HttpSession.class,
        (self, method, arguments) -> {
          switch (method.getName()) {
            case "getId":
              return id;
            case "getAttribute":
              return attributes.get((String) arguments[0]);
            case "setAttribute":
              attributes.put((String) arguments[0], arguments[1]);
              return null;
            case "removeAttribute":
              attributes.remove((String) arguments[0]);
              return null;
            case "hashCode":
              return System.identityHashCode(self);
            case "equals":
              return self == arguments[0];
            case "invalidate":
              attributes.clear();
              return null;
            default:
              return refuse(method.getName());
          }
        });
  }

  private static Object refuse(String method) {
    throw new AssertionError("unexpected " + method);
  }

  static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(Fakes.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
