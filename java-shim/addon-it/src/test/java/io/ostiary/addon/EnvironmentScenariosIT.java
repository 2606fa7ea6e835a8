package io.ostiary.addon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A proxy in front, another base URL, a copy of the installation, a host of tomorrow. */
@ParameterizedClass
@MethodSource("io.ostiary.addon.Profiles#all")
record EnvironmentScenariosIT(String profile) {

  private static final String OUTSIDE = "https://tools.contoso.example";
  private static final String STAGING = "https://staging.contoso.example";

  private static Installed host;

  @BeforeParameterizedClassInvocation
  static void start(String profile) throws IOException {
    host = new Installed(profile);
    assertThat(host.install().status()).isEqualTo(202);
    configureAsInstalled();
  }

  private static void configureAsInstalled() throws IOException {
    Browser.Answer saved = host.configure(Map.of());
    assertThat(saved.location()).as(saved.toString()).endsWith("?saved");
  }

  @AfterParameterizedClassInvocation
  static void stop() throws IOException {
    try {
      assertThat(host.told("violations").body().trim()).isEqualTo("[]");
    } finally {
      host.close();
    }
  }

  @AfterEach
  void goes_back_to_its_own_base_url() throws IOException {
    baseUrl(host.base());
    resetAndSave();
    configureAsInstalled();
  }

  /** The addresses follow the base URL again; the page with them, before it was saved. */
  private static Browser.Answer resetAndSave() throws IOException {
    Browser admin = host.admin();
    Browser.Answer page = admin.get(host.context + Installed.CONFIGURE);
    Browser.Answer reset = host.press(admin, page, "reset", Map.of());
    Browser.Answer saved = host.press(admin, reset, "save", Map.of());
    assertThat(saved.location()).as(saved.toString()).endsWith("?saved");
    return reset;
  }

  private static void baseUrl(String url) throws IOException {
    host.change("switches", Map.of("name", "base-url", "value", url));
  }

  private static String notes() throws IOException {
    return host.configurePage().page().select("#ostiary-notes").text();
  }

  /** Where a visitor of the sign-on URL is sent, when a proxy hands on what is for {@code at}. */
  private static Browser.Answer startThrough(String at, Browser browser) throws IOException {
    Browser.Answer start = browser.get(host.context + Installed.SIGN_ON);
    assertThat(start.location()).as("to its own origin first").startsWith(at + host.context);
    return browser.get(start.location().substring(at.length()));
  }

  @Test
  void s35_works_behind_a_proxy_that_ends_tls_and_says_what_the_connector_lacks()
      throws IOException {
    String outside = OUTSIDE + host.context;
    baseUrl(outside);
    try (Idp registered = new Idp(Installed.freePort(), outside + "/")) {
      assertThat(host.configure(registered, Map.of()).location()).endsWith("?saved");
      // What Entra gets, and what the connector says.
      Map<String, String> fields = host.configurePage().fields("#ostiary-form");
      assertThat(fields)
          .containsEntry("identifier", outside + "/")
          .containsEntry("reply_url", outside + Installed.SIGN_ON)
          .containsEntry("sign_on_url", outside + Installed.SIGN_ON);
      assertThat(notes())
          .contains(host.site, OUTSIDE)
          .contains("connector (scheme, proxyName, proxyPort)");
      Browser browser = host.browser();
      Browser.Answer start = startThrough(OUTSIDE, browser);
      Browser.Answer signedIn =
          host.consume(browser, registered.signIn(start.location(), "b.simon", Map.of()));
      assertThat(signedIn.status()).as(signedIn.toString()).isEqualTo(303);
      assertThat(signedIn.location()).startsWith(host.context + "/");
    }
  }

  @Test
  void s36_a_copy_with_another_base_url_warns_and_does_not_use_the_original_application()
      throws IOException {
    String original = host.base() + Installed.SIGN_ON;
    String copied = STAGING + host.context + Installed.SIGN_ON;
    baseUrl(STAGING + host.context);
    assertThat(notes()).contains("The base URL changed", original, copied);
    Browser.Answer start = startThrough(STAGING, host.browser());
    assertThat(host.idp.refusal(start.location())).contains("AADSTS700016");
    assertThat(resetAndSave().fields("#ostiary-form")).containsEntry("reply_url", copied);
    assertThat(notes()).doesNotContain("The base URL changed");
    assertThat(host.told("settings").body()).contains(copied).doesNotContain(original);
  }

  @Test
  void s36_typed_addresses_of_the_original_do_not_count_on_a_copy() throws IOException {
    String typed = OUTSIDE + host.context;
    assertThat(
            host.press(
                    "save",
                    Map.of(
                        "application_proxy", "true",
                        "identifier", typed + "/",
                        "reply_url", typed + Installed.SIGN_ON,
                        "sign_on_url", typed + Installed.SIGN_ON))
                .location())
        .endsWith("?saved");
    String here = host.browser().get(host.context + Installed.SIGN_ON).location();
    assertThat(here).startsWith(typed);
    baseUrl(STAGING + host.context);
    Browser.Answer page = host.configurePage();
    assertThat(page.page().select("#reply_url-error, #ostiary-problems").text())
        .contains("was saved when the base URL was " + host.base());
    Browser.Answer start = host.browser().get(host.context + Installed.SIGN_ON);
    assertThat(start.code()).as(start.toString()).isEqualTo("config-invalid");
    assertThat(host.browser().get(host.loginPage()).body()).doesNotContain("ostiary");
    assertThat(resetAndSave().fields("#ostiary-form"))
        .containsEntry("reply_url", STAGING + host.context + Installed.SIGN_ON)
        .doesNotContainKey("application_proxy");
  }

  @Test
  void s49_tells_of_a_host_that_is_newer_than_the_tested_ones_and_works_there() throws IOException {
    assertThat(notes()).doesNotContain("newer", "connector", "The base URL changed");
    String known = host.supportFile().getAsJsonObject("versions").get("host").getAsString();
    host.change("switches", Map.of("name", "host.version", "value", "99.1.0"));
    try {
      Browser.Answer page = host.configurePage();
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.page().select("#ostiary-notes").text()).contains("99.1.0 is newer than");
      assertThat(page.page().select("#save")).hasSize(1);
      configureAsInstalled();
      Browser.Answer signedIn = host.signIn(host.browser(), "b.simon", "");
      assertThat(signedIn.status()).as(signedIn.toString()).isEqualTo(303);
      assertThat(host.browser().get(host.loginPage()).body()).contains("ostiary-script");
    } finally {
      host.change("switches", Map.of("name", "host.version", "value", known));
    }
  }
}
