package io.ostiary.standin.plugins;

import io.ostiary.standin.Profile;
import io.ostiary.standin.host.Journal;
import io.ostiary.standin.host.Switches;
import io.ostiary.standin.sal.Services;
import io.ostiary.standin.users.Accounts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Installs, enables, disables, upgrades and removes plug-ins; those in the home survive a restart.
 */
public final class Plugins {

  private static final Logger LOG = LoggerFactory.getLogger("standin.plugins");
  private static final String OFF = ".disabled";

  private final Switches switches;
  private final Signatures signatures;
  private final JarChecks checks;
  private final AccessRules rules;
  private final ModuleClasses classes;
  private final OsgiFramework framework;
  private final Path installed;
  private volatile Map<String, Plugin> plugins = Map.of();
  private int installs;

  public Plugins(Switches switches, Accounts accounts, Services services, Journal journal)
      throws BundleException, IOException {
    this.switches = switches;
    this.signatures = new Signatures(switches);
    this.checks = new JarChecks(switches.profile());
    this.rules = new AccessRules(switches.profile(), accounts);
    this.classes = new ModuleClasses(services);
    this.framework =
        new OsgiFramework(
            switches.profile(),
            switches.home().resolve("plugins/.osgi-plugins"),
            services,
            new HiddenPackages(journal));
    this.installed = Files.createDirectories(switches.home().resolve("plugins/installed-plugins"));
  }

  /** Installs what an earlier run left in the home. */
  public void start() throws IOException {
    try (Stream<Path> jars = Files.list(installed)) {
      for (Path jar : jars.filter(file -> file.toString().endsWith(".jar")).sorted().toList()) {
        try {
          Plugin plugin = add(Files.readAllBytes(jar));
          if (!Files.exists(mark(plugin.key()))) {
            plugin.enable();
          }
        } catch (Refused e) {
          LOG.error("{} is not loaded: {}", jar, e.getMessage());
        }
      }
    }
  }

  public void stop() throws BundleException, InterruptedException {
    for (Plugin plugin : plugins.values()) {
      plugin.disable();
    }
    framework.stop();
  }

  Profile profile() {
    return switches.profile();
  }

  AccessRules rules() {
    return rules;
  }

  public List<Plugin> all() {
    return List.copyOf(plugins.values());
  }

  /** The plug-in with this key, or null. */
  public Plugin find(String key) {
    return plugins.get(key);
  }

  List<FilterModule> filters(String location) {
    return plugins.values().stream()
        .flatMap(plugin -> plugin.filters().stream())
        .filter(filter -> filter.location().equals(location))
        .sorted(Comparator.comparingInt(FilterModule::weight))
        .toList();
  }

  List<ServletModule> servlets() {
    return plugins.values().stream().flatMap(plugin -> plugin.servlets().stream()).toList();
  }

  /** Whether a plug-in has a webwork action of this alias. */
  public boolean hasAction(String alias) {
    return plugins.values().stream()
        .flatMap(plugin -> plugin.modules("webwork1").stream())
        .flatMap(module -> module.children().stream())
        .anyMatch(
            child ->
                child.name().equals("action") && alias.equals(child.attributes().get("alias")));
  }

  /** The text that an enabled plug-in has for the key, or null. */
  public String text(String key) {
    return plugins.values().stream()
        .map(plugin -> plugin.text(key))
        .filter(text -> text != null)
        .findFirst()
        .orElse(null);
  }

  /** Takes an uploaded jar: checks, installs or upgrades, enables. */
  public synchronized Plugin install(byte[] jar, String signature) throws Refused {
    signatures.check(jar, signature);
    try {
      Plugin plugin = add(jar);
      Files.write(installed.resolve(plugin.key() + ".jar"), jar);
      Files.deleteIfExists(mark(plugin.key()));
      plugin.enable();
      LOG.info("installed {} {}", plugin.key(), plugin.descriptor().version());
      return plugin;
    } catch (IOException e) {
      throw new Refused("the jar cannot be kept: " + e.getMessage(), e);
    }
  }

  public synchronized void enable(String key) throws Refused {
    known(key).enable();
    try {
      Files.deleteIfExists(mark(key));
    } catch (IOException e) {
      throw new Refused("enabling cannot be kept", e);
    }
  }

  public synchronized void disable(String key) throws Refused {
    try {
      known(key).disable();
      Files.write(mark(key), new byte[0]);
    } catch (BundleException | IOException e) {
      throw new Refused(key + " cannot be disabled: " + e.getMessage(), e);
    }
  }

  public synchronized void uninstall(String key) throws Refused {
    try {
      remove(known(key));
      Files.deleteIfExists(installed.resolve(key + ".jar"));
      Files.deleteIfExists(mark(key));
      LOG.info("uninstalled {}", key);
    } catch (BundleException | IOException e) {
      throw new Refused(key + " cannot be uninstalled: " + e.getMessage(), e);
    }
  }

  private Plugin known(String key) throws Refused {
    Plugin plugin = plugins.get(key);
    if (plugin == null) {
      throw new Refused("no plug-in " + key);
    }
    return plugin;
  }

  private Path mark(String key) {
    return installed.resolve(key + OFF);
  }

  private Plugin add(byte[] jar) throws Refused {
    Descriptor descriptor;
    try {
      Path file = Files.createTempFile("standin", ".jar");
      try {
        Files.write(file, jar);
        try (JarFile opened = new JarFile(file.toFile(), false)) {
          descriptor = Descriptor.of(opened, switches.profile());
          checks.check(opened, descriptor);
        }
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new Refused("this is not a jar: " + e.getMessage(), e);
    }
    return replace(descriptor, jar);
  }

  private Plugin replace(Descriptor descriptor, byte[] jar) throws Refused {
    Plugin old = plugins.get(descriptor.key());
    try {
      if (old != null) {
        remove(old);
      }
      installs++;
      Bundle bundle =
          framework.install(descriptor.key() + "#" + installs, new ByteArrayInputStream(jar));
      boolean keyed = bundle.getHeaders().get("Atlassian-Plugin-Key") != null;
      boolean springBacked = switches.profile().isOldest() || !keyed || SpringContext.isIn(bundle);
      if (!springBacked) {
        LOG.warn(
            "{} has no Spring context: loaded as a plain bundle, no modules", descriptor.key());
      }
      Plugin plugin = new Plugin(descriptor, bundle, classes, springBacked);
      Map<String, Plugin> next = new TreeMap<>(plugins);
      next.put(plugin.key(), plugin);
      plugins = next;
      return plugin;
    } catch (BundleException e) {
      throw new Refused("the OSGi framework does not take it: " + e.getMessage(), e);
    }
  }

  private void remove(Plugin plugin) throws BundleException {
    plugin.disable();
    Map<String, Plugin> next = new TreeMap<>(plugins);
    next.remove(plugin.key());
    plugins = next;
    framework.uninstall(plugin.bundle());
  }
}
