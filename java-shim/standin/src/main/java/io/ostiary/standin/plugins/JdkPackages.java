package io.ostiary.standin.plugins;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The JDK's public packages outside java.*, which plug-ins see only if they import them. */
final class JdkPackages {

  private static final List<String> PREFIXES =
      List.of("javax.", "org.w3c.dom", "org.xml.sax", "org.ietf.jgss");

  private JdkPackages() {}

  static Set<String> exported() {
    Set<String> packages = new TreeSet<>();
    for (Module module : ModuleLayer.boot().modules()) {
      if (!module.isNamed()) {
        continue;
      }
      for (String name : module.getPackages()) {
        if (module.isExported(name) && PREFIXES.stream().anyMatch(name::startsWith)) {
          packages.add(name);
        }
      }
    }
    return packages;
  }
}
