package io.ostiary.e2e.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes down what was seen, one line a scenario and flavour, for the summary after the run. */
final class Findings {

  private Findings() {}

  static void note(Flavour flavour, String scenario, String seen) throws IOException {
    String line = "%-8s %-44s %s%n".formatted(flavour, scenario, seen);
    Path file = Path.of(System.getProperty("ostiary.findings"));
    Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
