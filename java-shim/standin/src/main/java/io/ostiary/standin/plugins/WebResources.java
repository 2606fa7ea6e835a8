package io.ostiary.standin.plugins;

import java.net.URL;

/** The files that web-resource modules offer for download. */
public final class WebResources {

  /** A file and its type. */
  public record Found(URL file, String type) {}

  private WebResources() {}

  /** The resource called {@code key:module/name}, or null. */
  public static Found find(Plugins plugins, String complete) {
    int colon = complete.indexOf(':');
    int slash = complete.indexOf('/', colon);
    if (colon < 0 || slash < 0) {
      return null;
    }
    Plugin plugin = plugins.find(complete.substring(0, colon));
    if (plugin == null) {
      return null;
    }
    String moduleKey = complete.substring(colon + 1, slash);
    String name = complete.substring(slash + 1);
    for (Descriptor.Module module : plugin.modules("web-resource")) {
      if (module.key().equals(moduleKey)) {
        for (Descriptor.Child child : module.children()) {
          String location = location(child, name);
          URL found = location == null ? null : plugin.bundle().getEntry(location);
          if (found != null) {
            return new Found(found, type(name));
          }
        }
      }
    }
    return null;
  }

  /** Where the file lies in the jar, if this child of the module offers it. */
  private static String location(Descriptor.Child child, String wanted) {
    String name = child.attributes().getOrDefault("name", "");
    String location = child.attributes().getOrDefault("location", "");
    if (!child.name().equals("resource") || wanted.contains("..")) {
      return null;
    }
    if (name.equals(wanted)) {
      return location;
    }
    return name.endsWith("/") && wanted.startsWith(name)
        ? location + wanted.substring(name.length())
        : null;
  }

  private static String type(String name) {
    String extension = name.substring(name.lastIndexOf('.') + 1);
    return switch (extension) {
      case "js" -> "text/javascript;charset=UTF-8";
      case "css" -> "text/css;charset=UTF-8";
      case "svg" -> "image/svg+xml";
      case "png" -> "image/png";
      default -> "application/octet-stream";
    };
  }
}
