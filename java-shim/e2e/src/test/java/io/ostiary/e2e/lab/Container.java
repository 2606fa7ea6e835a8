package io.ostiary.e2e.lab;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The containers that the filter is tested on; the build puts the jars of each into a directory.
 */
enum Container {
  TOMCAT_9("tomcat-9"),
  TOMCAT_10_1("tomcat-10.1"),
  TOMCAT_11("tomcat-11");

  private final String directory;

  Container(String directory) {
    this.directory = directory;
  }

  private Path path() {
    return Path.of(System.getProperty("ostiary.containers"), directory);
  }

  /** All its jars, with the filter and the lab in its flavour. */
  String classPath() {
    return path() + "/*";
  }

  /** The filter in its flavour. */
  Path filterJar() throws IOException {
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(path(), "ostiary-servlet*.jar")) {
      return jars.iterator().next();
    }
  }
}
