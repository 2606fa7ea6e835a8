package io.ostiary.addon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The identity provider changes the key that it signs with. */
@ParameterizedClass
@MethodSource("io.ostiary.addon.Profiles#all")
record KeysScenariosIT(String profile) {

  private static final int MANY = 1000;

  private static Installed host;

  @BeforeParameterizedClassInvocation
  static void start(String profile) throws IOException {
    host = new Installed(profile);
    assertThat(host.install().status()).isEqualTo(202);
  }

  @AfterParameterizedClassInvocation
  static void stop() throws IOException {
    try {
      assertThat(host.told("violations").body().trim()).isEqualTo("[]");
    } finally {
      host.close();
    }
  }

  private static void assertComesIn() throws IOException {
    Browser.Answer answer = host.signIn(host.browser(), "b.simon", "");
    assertThat(answer.status()).as(answer.toString()).isEqualTo(303);
  }

  /** What the configuration page says of each certificate. */
  private static List<String> states() throws IOException {
    return host.configurePage()
        .page()
        .select("#ostiary-certificates tbody tr td:last-child")
        .eachText();
  }

  @Test
  void s28_accepts_both_certificates_before_and_after_the_provider_switches() throws IOException {
    host.idp.control("drop");
    host.idp.control("publish");
    assertThat(host.configure(Map.of("metadata_url", "")).location()).endsWith("?saved");
    assertThat(host.configurePage().page().select("#ostiary-certificates tbody tr")).hasSize(2);
    int fetches = host.idp.fetches();
    assertComesIn();
    assertThat(states()).first().asString().contains("active");
    host.idp.control("switch");
    assertComesIn();
    assertThat(states()).last().asString().contains("active");
    assertThat(host.idp.fetches()).as("nothing had to be fetched").isEqualTo(fetches);
  }

  @Test
  void s29_fetches_once_for_an_unknown_key_however_often_it_comes() throws IOException {
    Browser admin = host.admin();
    Browser.Answer resolved =
        host.press(
            admin,
            admin.get(host.context + Installed.CONFIGURE),
            "resolve",
            Map.of(
                "metadata_url", host.idp.metadataUrl(),
                "metadata_host", "127.0.0.1",
                "idp_entity_id", ""));
    Browser.Answer saved = host.press(admin, resolved, "save", Map.of());
    assertThat(saved.location()).as(saved.toString()).endsWith("?saved");
    assertComesIn();

    int before = host.idp.fetches();
    Browser.Answer signedIn = host.signIn(host.browser(), "b.simon", "", "new-key");
    assertThat(signedIn.status()).as("refetched: " + signedIn).isEqualTo(303);
    assertThat(host.idp.fetches()).isBetween(before + 1, before + 2);

    Browser browser = host.browser();
    Map<String, String> forged =
        host.response(browser, "b.simon", "", Map.of("misbehave", "wrong-key"));
    int known = host.idp.fetches();
    for (int i = 0; i < MANY; i++) {
      assertThat(host.consume(browser, forged).body()).contains("signature-invalid");
    }
    // One that the posts caused, and one that was due in any case.
    assertThat(host.idp.fetches() - known).isLessThanOrEqualTo(2);
    assertThat(host.trace("signature-invalid")).contains("signature-invalid");
    assertComesIn();
  }
}
