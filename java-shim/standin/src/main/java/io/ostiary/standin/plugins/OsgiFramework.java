package io.ostiary.standin.plugins;

import io.ostiary.standin.Profile;
import io.ostiary.standin.sal.Services;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.FrameworkWiring;

/** The OSGi framework, with the packages that a host gives to plug-ins and no others. */
final class OsgiFramework {

  private final Framework framework;

  OsgiFramework(Profile profile, Path cache, Services services, HiddenPackages hidden)
      throws BundleException {
    Map<String, String> settings = new HashMap<>();
    settings.put(Constants.FRAMEWORK_STORAGE, cache.toString());
    settings.put(Constants.FRAMEWORK_STORAGE_CLEAN, "onFirstInit");
    settings.put(Constants.FRAMEWORK_SYSTEMPACKAGES, String.join(",", packages(profile)));
    settings.put(Constants.FRAMEWORK_BOOTDELEGATION, "");
    settings.put(Constants.FRAMEWORK_BUNDLE_PARENT, Constants.FRAMEWORK_BUNDLE_PARENT_FRAMEWORK);
    settings.put("felix.bootdelegation.implicit", "false");
    // Else it takes over java.net.URL for the whole process.
    settings.put("felix.service.urlhandlers", "false");
    framework = new FrameworkFactory().newFramework(settings);
    framework.init();
    if (profile.isPlatform7()) {
      framework.getBundleContext().registerService(ResolverHookFactory.class, hidden, null);
    }
    framework.start();
    services
        .all()
        .forEach(
            (type, service) ->
                framework.getBundleContext().registerService(type.getName(), service, null));
  }

  Bundle install(String location, InputStream jar) throws BundleException {
    return framework.getBundleContext().installBundle(location, jar);
  }

  /** Takes the bundle away and lets go of its class loader. */
  void uninstall(Bundle bundle) throws BundleException {
    bundle.uninstall();
    CountDownLatch done = new CountDownLatch(1);
    framework
        .adapt(FrameworkWiring.class)
        .refreshBundles(
            List.of(bundle),
            event -> {
              if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                done.countDown();
              }
            });
    try {
      done.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void stop() throws BundleException, InterruptedException {
    framework.stop();
    framework.waitForStop(TimeUnit.SECONDS.toMillis(10));
  }

  private static List<String> packages(Profile profile) {
    List<String> packages = new ArrayList<>(JdkPackages.exported());
    String servlet = profile.isJakarta() ? "jakarta.servlet" : "javax.servlet";
    String version =
        switch (profile.generation()) {
          case 1 -> "2.5";
          case 4 -> "6.0";
          default -> "4.0";
        };
    for (String name : List.of("", ".annotation", ".descriptor", ".http")) {
      packages.add(servlet + name + ";version=" + version);
    }
    for (String name :
        List.of(
            "org.osgi.framework",
            "org.osgi.framework.wiring",
            "org.osgi.framework.startlevel",
            "org.osgi.util.tracker",
            "org.osgi.service.packageadmin")) {
      packages.add(name + ";version=1.10");
    }
    packages.add("org.slf4j;version=1.7.36");
    packages.add("org.slf4j.helpers;version=1.7.36");
    packages.add("org.slf4j.spi;version=1.7.36");
    String sal =
        switch (profile.generation()) {
          case 1 -> "2.8.0";
          case 2 -> "5.0.5";
          case 3 -> "6.0.0";
          default -> "7.0.0";
        };
    for (String name :
        List.of(
            "",
            ".auth",
            ".component",
            ".message",
            ".pluginsettings",
            ".transaction",
            ".user",
            ".websudo",
            ".xsrf")) {
      packages.add("com.atlassian.sal.api" + name + ";version=" + sal);
    }
    if (profile.isPlatform7()) {
      packages.add("com.atlassian.annotations.security;version=7.0.0");
      packages.addAll(HiddenPackages.exportedButHidden(profile));
    }
    return packages;
  }
}
