package io.ostiary.addon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Installed, disabled, enabled, upgraded under load, uninstalled: the host is never restarted. */
@ParameterizedClass
@ValueSource(strings = {"jira-9", "confluence-10"})
record LifecycleIT(String profile) {

  private static final int UPGRADES = 3;

  /** What the classes of one version need. */
  private static final long CLASSES_KILOBYTES = 2 * 1024;

  private record Seen(long atMillis, int status) {}

  @Test
  void survives_everything_that_an_administrator_does_to_it() throws Exception {
    try (Installed host = new Installed(profile)) {
      String login = host.context + (host.product.equals("jira") ? "/login.jsp" : "/login.action");
      assertThat(host.install().status()).isEqualTo(202);
      assertThat(host.browser().get(login).body())
          .as("unconfigured, nothing changes")
          .doesNotContain("ostiary");
      host.configure(Map.of());
      assertSignsIn(host);

      host.enable(false);
      assertThat(host.browser().get(login).body()).doesNotContain("ostiary").contains("<form");
      assertThat(host.browser().get(host.context + Installed.SIGN_ON).status()).isEqualTo(404);
      host.enable(true);
      assertSignsIn(host);

      List<Seen> seen = new CopyOnWriteArrayList<>();
      AtomicBoolean over = new AtomicBoolean();
      Thread load = new Thread(() -> visit(host, login, seen, over));
      load.start();
      long before = host.residentKilobytes();
      for (int upgrade = 0; upgrade < UPGRADES; upgrade++) {
        long start = System.currentTimeMillis();
        assertThat(host.install().status()).isEqualTo(202);
        long swapped = System.currentTimeMillis();
        assertSignsIn(host);
        assertThat(seen)
            .filteredOn(s -> s.atMillis < start || s.atMillis > swapped + 1000)
            .allMatch(s -> s.status < 500);
      }
      over.set(true);
      load.join();
      assertThat(seen).isNotEmpty();
      assertThat(host.residentKilobytes() - before)
          .as("one copy of the library each, and the classes")
          .isLessThan(UPGRADES * (host.libraryKilobytes() + CLASSES_KILOBYTES));

      host.uninstall();
      assertThat(host.browser().get(login).body()).doesNotContain("ostiary").contains("<form");
      assertThat(host.log()).doesNotContain("UnsatisfiedLinkError", "NoClassDefFoundError");
      assertThat(host.told("violations").body().trim()).isEqualTo("[]");
    }
  }

  private static void assertSignsIn(Installed host) throws IOException {
    Browser.Answer signedIn = host.signIn(host.browser(), "b.simon", "");
    assertThat(signedIn.status()).as(signedIn.toString()).isEqualTo(303);
    assertThat(signedIn.location()).startsWith(host.context);
  }

  private static void visit(Installed host, String page, List<Seen> seen, AtomicBoolean over) {
    Browser visitor = host.browser();
    while (!over.get()) {
      try {
        int status = visitor.get(page).status();
        seen.add(new Seen(System.currentTimeMillis(), status));
        Thread.sleep(50);
      } catch (IOException e) {
        seen.add(new Seen(System.currentTimeMillis(), 599));
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}
