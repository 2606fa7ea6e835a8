package io.ostiary.web;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpSession;

/**
 * Gives a session a new id at sign-in, so that an id which somebody planted before is worth nothing
 * afterwards.
 */
public final class SessionRenewal {

  /** Servlet 3.1; null in older containers. */
  private static final Method CHANGE_SESSION_ID = changeSessionId();

  private SessionRenewal() {}

  private static Method changeSessionId() {
    try {
      return HttpServletRequest.class.getMethod("changeSessionId");
    } catch (NoSuchMethodException servlet30) {
      return null;
    }
  }

  /** The request's session under a new id with all its attributes, or a new one. */
  public static HttpSession renew(HttpServletRequest request) {
    // A container may start a new session under the id that the browser names, so a new one is
    // renewed as well.
    HttpSession session = request.getSession(true);
    return changeId(request) ? request.getSession(false) : copy(request, session);
  }

  /** A new session without anything of the old one. */
  public static HttpSession startOver(HttpServletRequest request, HttpSession old) {
    SessionRegistry.invalidate(old);
    return renew(request);
  }

  private static boolean changeId(HttpServletRequest request) {
    if (CHANGE_SESSION_ID == null) {
      return false;
    }
    try {
      CHANGE_SESSION_ID.invoke(request);
      return true;
    } catch (IllegalAccessException e) {
      return false;
    } catch (InvocationTargetException refused) {
      return false;
    }
  }

  public static HttpSession copy(HttpServletRequest request, HttpSession old) {
    Map<String, Object> attributes = new LinkedHashMap<String, Object>();
    for (Object name : Collections.list((Enumeration<?>) old.getAttributeNames())) {
      attributes.put((String) name, old.getAttribute((String) name));
    }
    int interval = old.getMaxInactiveInterval();
    old.invalidate();
    HttpSession session = request.getSession(true);
    session.setMaxInactiveInterval(interval);
    for (Map.Entry<String, Object> attribute : attributes.entrySet()) {
      session.setAttribute(attribute.getKey(), attribute.getValue());
    }
    return session;
  }
}
