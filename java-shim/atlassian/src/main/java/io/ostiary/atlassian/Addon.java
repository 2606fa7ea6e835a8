package io.ostiary.atlassian;

import io.ostiary.bridge.InMemoryOneTimeStore;
import io.ostiary.bridge.OneTimeStore;
import javax.servlet.ServletContext;
import javax.servlet.http.HttpServletRequest;

/**
 * What the modules of the add-on share while it is enabled. The first module that the host makes
 * makes it, and the last one that is destroyed ends it.
 */
final class Addon {

  /** Used messages are remembered as long as the classes live, also while the add-on is off. */
  private static final OneTimeStore USED = new InMemoryOneTimeStore();

  private static Addon current;
  private static int modules;

  private final Product product;
  private final Sal sal;
  private final Sessions sessions = new Sessions();
  private final Keeper keeper;
  private final ServletContext context;

  Addon(Product product, Services services, OneTimeStore oneTime, ServletContext context) {
    this.product = product;
    this.sal = new Sal(services);
    this.context = context;
    this.keeper =
        new Keeper(
            product, sal, new HostSettings(sal), oneTime, sessions, context.getContextPath());
  }

  static synchronized Addon acquire(ServletContext context) {
    if (current == null) {
      HostLog.use();
      current = new Addon(Product.ofThisJar(), Services.ofThisBundle(), USED, context);
    }
    modules++;
    return current;
  }

  static synchronized void release() {
    modules--;
    if (modules == 0 && current != null) {
      current.keeper.stop();
      current = null;
    }
  }

  Product product() {
    return product;
  }

  Sal sal() {
    return sal;
  }

  Sessions sessions() {
    return sessions;
  }

  Keeper keeper() {
    return keeper;
  }

  /** The host's sign-in. */
  Seraph seraph(HttpServletRequest request) throws HostException {
    return Seraph.of(
        product, context, context.getClass().getClassLoader(), request.getClass().getClassLoader());
  }
}
