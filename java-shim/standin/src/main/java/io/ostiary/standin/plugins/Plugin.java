package io.ostiary.standin.plugins;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.BundleWiring;

/** An installed plug-in. Disabling stops its bundle and its modules, but keeps the class loader. */
public final class Plugin {

  private final Descriptor descriptor;
  private final Bundle bundle;
  private final ModuleClasses classes;
  private final boolean springBacked;
  private final Properties texts = new Properties();
  private volatile List<FilterModule> filters = List.of();
  private volatile List<ServletModule> servlets = List.of();
  private volatile boolean enabled;

  Plugin(Descriptor descriptor, Bundle bundle, ModuleClasses classes, boolean springBacked) {
    this.descriptor = descriptor;
    this.bundle = bundle;
    this.classes = classes;
    this.springBacked = springBacked;
  }

  public String key() {
    return descriptor.key();
  }

  public Descriptor descriptor() {
    return descriptor;
  }

  Bundle bundle() {
    return bundle;
  }

  public boolean isEnabled() {
    return enabled;
  }

  /** False for a bundle of which the loader makes no modules. */
  public boolean isSpringBacked() {
    return springBacked;
  }

  /** The class loader, or null before the bundle was resolved. */
  public ClassLoader loader() {
    BundleWiring wiring = bundle.adapt(BundleWiring.class);
    return wiring == null ? null : wiring.getClassLoader();
  }

  List<FilterModule> filters() {
    return filters;
  }

  List<ServletModule> servlets() {
    return servlets;
  }

  String text(String key) {
    return enabled ? texts.getProperty(key) : null;
  }

  /** The modules of a type, none while disabled. */
  public List<Descriptor.Module> modules(String type) {
    return enabled && springBacked ? descriptor.ofType(type) : List.of();
  }

  synchronized void enable() throws Refused {
    if (enabled) {
      return;
    }
    try {
      bundle.start();
    } catch (BundleException e) {
      throw new Refused(key() + " cannot be enabled: " + e.getMessage(), e);
    }
    if (springBacked) {
      SpringContext.refresh(bundle);
      List<FilterModule> madeFilters = new ArrayList<>();
      for (Descriptor.Module module : descriptor.ofType("servlet-filter")) {
        madeFilters.add(new FilterModule(this, module, classes));
      }
      List<ServletModule> madeServlets = new ArrayList<>();
      for (Descriptor.Module module : descriptor.ofType("servlet")) {
        madeServlets.add(new ServletModule(this, module, classes));
      }
      loadTexts();
      filters = List.copyOf(madeFilters);
      servlets = List.copyOf(madeServlets);
    }
    enabled = true;
  }

  synchronized void disable() throws BundleException {
    if (!enabled) {
      return;
    }
    enabled = false;
    List<FilterModule> oldFilters = filters;
    List<ServletModule> oldServlets = servlets;
    filters = List.of();
    servlets = List.of();
    oldServlets.forEach(ServletModule::destroy);
    oldFilters.forEach(FilterModule::destroy);
    bundle.stop();
  }

  private void loadTexts() {
    for (String location : descriptor.texts()) {
      URL found = bundle.getResource(location.replace('.', '/') + ".properties");
      if (found != null) {
        try (Reader reader = new InputStreamReader(found.openStream(), StandardCharsets.UTF_8)) {
          texts.load(reader);
        } catch (IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      }
    }
  }
}
