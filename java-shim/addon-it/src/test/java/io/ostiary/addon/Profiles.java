package io.ostiary.addon;

import java.util.List;
import java.util.stream.Stream;

/**
 * The hosts of the stand-in, or those that {@code -Dostiary.profiles=jira-10,confluence-9} names.
 */
final class Profiles {

  private static final List<String> ALL =
      List.of(
          "jira-5.2",
          "jira-9",
          "jira-10",
          "jira-11",
          "confluence-5",
          "confluence-8",
          "confluence-9",
          "confluence-10");

  private Profiles() {}

  static List<String> all() {
    String named = System.getProperty("ostiary.profiles", "");
    return named.isEmpty() ? ALL : List.of(named.split(",", -1));
  }

  /** Those of these that are to be tried. */
  static List<String> among(String... profiles) {
    return Stream.of(profiles).filter(all()::contains).toList();
  }
}
