package io.ostiary.addon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Installed, disabled, enabled, upgraded under load, uninstalled: the host is never restarted. */
@ParameterizedClass
@ValueSource(strings = {"jira-9", "confluence-10"})
record LifecycleIT(String profile) {

  private static final int UPGRADES = 3;

  /** Twenty requests a second. */
  private static final long EVERY_MILLIS = 50;

  private static final long SWAP_MILLIS = 1000;
  private static final long FORM_BACK_MILLIS = 2000;

  private record Seen(long atMillis, int status) {}

  @Test
  void survives_everything_that_an_administrator_does_to_it() throws Exception {
    try (Installed host = new Installed(profile)) {
      String login = host.loginPage();
      assertThat(host.install().status()).isEqualTo(202);
      assertThat(host.browser().get(login).body())
          .as("unconfigured, nothing changes")
          .doesNotContain("ostiary");
      host.configure(Map.of());
      assertSignsIn(host);

      long asked = System.nanoTime();
      host.enable(false);
      assertThat(host.browser().get(login).body()).doesNotContain("ostiary").contains("<form");
      assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked))
          .as("until the password form was back")
          .isLessThanOrEqualTo(FORM_BACK_MILLIS);
      assertThat(host.browser().get(host.context + Installed.SIGN_ON).status()).isEqualTo(404);
      host.enable(true);
      assertSignsIn(host);

      upgradesUnderLoad(host, login);

      host.uninstall();
      assertThat(host.browser().get(login).body()).doesNotContain("ostiary").contains("<form");
      assertThat(host.log()).doesNotContain("UnsatisfiedLinkError", "NoClassDefFoundError");
      assertThat(host.told("violations").body().trim()).isEqualTo("[]");
    }
  }

  private static void upgradesUnderLoad(Installed host, String page) throws Exception {
    List<Seen> seen = new CopyOnWriteArrayList<>();
    ScheduledExecutorService visitors = Executors.newScheduledThreadPool(8);
    long began = System.nanoTime();
    for (int i = 0; i < 8; i++) {
      visitors.scheduleAtFixedRate(
          () -> visit(host, page, seen), i * EVERY_MILLIS, 8 * EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }
    // What the load itself takes, threads for one, is not counted.
    Waiting.until(() -> seen.size() >= 40);
    long before = host.residentKilobytes();
    for (int upgrade = 0; upgrade < UPGRADES; upgrade++) {
      int first = seen.size();
      assertThat(host.install().status()).isEqualTo(202);
      assertSignsIn(host);
      List<Long> failed =
          seen.subList(first, seen.size()).stream()
              .filter(s -> s.status >= 500)
              .map(Seen::atMillis)
              .sorted()
              .toList();
      if (!failed.isEmpty()) {
        assertThat(failed.get(failed.size() - 1) - failed.get(0))
            .as("5xx while the add-on was swapped")
            .isLessThanOrEqualTo(SWAP_MILLIS);
      }
    }
    long grown = host.residentKilobytes() - before;
    visitors.shutdown();
    assertThat(visitors.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
    assertThat(seen).as("requests in " + seconds + " s").hasSizeGreaterThan((int) seconds * 15);
    assertThat(grown)
        .as("kilobytes, for one copy of the library each")
        .isLessThanOrEqualTo(UPGRADES * host.libraryKilobytes());
  }

  private static void assertSignsIn(Installed host) throws IOException {
    Browser.Answer signedIn = host.signIn(host.browser(), "b.simon", "");
    assertThat(signedIn.status()).as(signedIn.toString()).isEqualTo(303);
    assertThat(signedIn.location()).startsWith(host.context);
  }

  private static void visit(Installed host, String page, List<Seen> seen) {
    int status;
    try {
      status = host.browser().get(page).status();
    } catch (IOException e) {
      status = 599;
    }
    seen.add(new Seen(System.currentTimeMillis(), status));
  }
}
