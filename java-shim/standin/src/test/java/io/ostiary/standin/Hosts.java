package io.ostiary.standin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Hosts for one test class, each with a home of its own. */
final class Hosts implements AutoCloseable {

  private final List<StandIn> running = new ArrayList<>();
  private final List<Path> homes = new ArrayList<>();

  /** A host that takes uploads unsigned and asks for no second password, unless told otherwise. */
  StandIn start(String profile, String... more) throws IOException {
    Path home = Files.createTempDirectory(Path.of("target"), "home");
    homes.add(home);
    return startIn(home, profile, more);
  }

  StandIn startIn(Path home, String profile, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--profile",
                profile,
                "--home",
                home.toString(),
                "--context",
                profile.startsWith("jira") ? "/jira" : "/wiki",
                "--set",
                "upm.plugin.upload.enabled=true",
                "--set",
                "atlassian.upm.signature.check.disabled=true",
                "--set",
                "websudo=false"));
    arguments.addAll(List.of(more));
    StandIn host = StandIn.start(arguments.toArray(String[]::new));
    running.add(host);
    return host;
  }

  @Override
  public void close() throws IOException {
    running.forEach(StandIn::close);
    for (Path home : homes) {
      try (Stream<Path> all = Files.walk(home)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(path);
        }
      }
    }
  }
}
