package io.ostiary.atlassian;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;

/** The services of the host, by the name of their interface. */
abstract class Services {

  /** The service, or null. */
  abstract Object find(String name);

  Object required(String name) throws HostLacks {
    Object service = find(name);
    if (service == null) {
      throw new HostLacks("This host offers no " + name + ".");
    }
    return service;
  }

  /** Those of the framework that this bundle is installed in. */
  static Services ofThisBundle() {
    return new Services() {
      @Override
      Object find(String name) {
        Bundle bundle = FrameworkUtil.getBundle(Services.class);
        BundleContext context = bundle == null ? null : bundle.getBundleContext();
        ServiceReference reference = context == null ? null : context.getServiceReference(name);
        return reference == null ? null : context.getService(reference);
      }
    };
  }
}
