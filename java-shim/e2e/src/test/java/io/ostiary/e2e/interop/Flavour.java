package io.ostiary.e2e.interop;

import java.nio.file.Path;
import java.util.Locale;

/** The two servlet APIs, each with the newest container that has it. */
enum Flavour {
  JAVAX("tomcat-9"),
  JAKARTA("tomcat-11");

  private final String directory;

  Flavour(String directory) {
    this.directory = directory;
  }

  /** For names of files and realms. */
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The container's jars, with the filter and the application in this flavour. */
  String classPath() {
    return Path.of(System.getProperty("ostiary.containers"), directory) + "/*";
  }
}
