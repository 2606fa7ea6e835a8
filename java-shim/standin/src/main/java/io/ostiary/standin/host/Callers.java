package io.ostiary.standin.host;

import javax.servlet.http.HttpServletRequest;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleReference;

/** Watches what plug-ins do that a real host would not bear. */
public final class Callers {

  private static volatile Journal journal;

  private Callers() {}

  static void tell(Journal to) {
    journal = to;
  }

  public static void violation(String kind, String text) {
    journal.violation(kind, text);
  }

  /**
   * A plug-in asks who is signed in; before the security filter nobody is, and asking may sign in.
   */
  public static void identityIsAsked(HttpServletRequest request, String how) {
    Bundle plugin = plugin();
    if (plugin != null && !Identity.isKnown()) {
      String at = request == null ? "" : " at " + request.getRequestURI();
      violation("identity-before-login", plugin.getSymbolicName() + " called " + how + at);
    }
  }

  /** The plug-in whose code runs in this thread, by the context class loader, or null. */
  public static Bundle plugin() {
    return Thread.currentThread().getContextClassLoader() instanceof BundleReference reference
        ? reference.getBundle()
        : null;
  }
}
