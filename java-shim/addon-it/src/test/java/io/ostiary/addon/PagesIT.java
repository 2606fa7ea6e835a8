package io.ostiary.addon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Our pages in a real browser: nothing against their accessibility, and pictures of them. */
@ParameterizedClass(allowZeroInvocations = true)
@MethodSource("profiles")
record PagesIT(String profile) {

  private static final String PAGE = "html";
  private static final String CONFIGURE = "#ostiary-configure";

  private static final String TWICE =
      "const ids = [...document.querySelectorAll('[id]')].map(element => element.id);"
          + "return ids.filter((id, place) => ids.indexOf(id) < place)";

  private static Installed host;
  private static Chrome chrome;

  static List<String> profiles() {
    return Profiles.among("jira-9", "confluence-10");
  }

  @BeforeParameterizedClassInvocation
  static void start(String profile) throws IOException {
    host = new Installed(profile);
    assertThat(host.install().status()).isEqualTo(202);
    chrome = new Chrome();
  }

  @AfterParameterizedClassInvocation
  static void stop() throws IOException {
    try {
      assertThat(host.told("violations").body().trim()).isEqualTo("[]");
    } finally {
      chrome.close();
      host.close();
    }
  }

  private void judge(String name, String selector) throws IOException {
    boolean ours = selector.equals(PAGE);
    chrome.resize(ours ? 800 : 1100, ours ? 640 : 3200);
    Pictures.take(chrome, profile, name, ours ? "body" : selector);
    Axe.hasNothingAgainst(chrome, selector);
    assertThat(chrome.script(TWICE)).as("ids that are given twice").isEqualTo(List.of());
  }

  /** As somebody who sends the password with every request, or as nobody. */
  private static void visitAs(String user, String path) {
    chrome.forgetCookies();
    chrome.sendPassword(user);
    chrome.open(host.base() + path);
  }

  private static void visitConfigure() {
    visitAs("admin", Installed.CONFIGURE);
  }

  private static void configure(Map<String, String> changes) throws IOException {
    assertThat(host.configure(changes).location()).endsWith("?saved");
  }

  private static void store(String settings) throws IOException {
    host.change("settings", Map.of("key", "io.ostiary.settings", "value", settings));
  }

  @Test
  void configure_before_anything_is_configured() throws IOException {
    // The keys stay: the identity provider knows them.
    store("{\"revision\":1}");
    visitConfigure();
    assertThat(chrome.text("#ostiary-state")).contains("Nobody can sign in");
    judge("configure-empty", CONFIGURE);
  }

  @Test
  void configure_with_two_certificates() throws IOException {
    configure(Map.of());
    host.signIn(host.browser(), "b.simon", "");
    host.signIn(host.browser(), "b.simon", "", "new-key");
    visitConfigure();
    chrome.type("#metadata_url", host.idp.metadataUrl());
    chrome.type("#metadata_host", "127.0.0.1");
    chrome.click("#resolve");
    chrome.find("#ostiary-done");
    assertThat(chrome.find("#ostiary-certificates").getText()).contains("signed the last sign-in");
    chrome.type("#transform_pattern", "^(.*)@contoso\\.example$");
    chrome.type("#transform_replacement", "$1");
    chrome.type("#preview_value", "b.simon@contoso.example");
    chrome.awaitText("#preview_result", "becomes b.simon");
    judge("configure-resolved", CONFIGURE);
    for (String part : List.of("identity-provider", "application", "users", "security")) {
      String selector = "fieldset[aria-labelledby=ostiary-" + part + "]";
      Pictures.take(chrome, profile, "configure-" + part, selector);
    }
    chrome.click("#save");
    chrome.awaitText("#ostiary-done", "The settings are saved");
    assertThat(chrome.text("#ostiary-certificates tbody").lines().count()).isGreaterThan(1);
    judge("configure-saved", CONFIGURE);
  }

  @Test
  void configure_after_a_save_that_was_refused() throws IOException {
    configure(Map.of());
    visitConfigure();
    chrome.type("#login_url", "http://login.contoso.example/saml2");
    chrome.type("#certificates", "MIIC8DCCAdigAwIBAgIQ");
    chrome.type("#login_button_name", "");
    chrome.type("#transform_pattern", "(");
    chrome.type("#clock_skew_seconds", "900");
    chrome.click("#home_realm_discovery");
    chrome.click("#save");
    chrome.find("#clock_skew_seconds-error");
    assertThat(chrome.script("return document.activeElement.id")).isEqualTo("ostiary-problems");
    assertThat(chrome.text("#transform_pattern-error"))
        .isEqualTo("is no regular expression that can be used: unclosed group");
    judge("configure-refused", CONFIGURE);
    Pictures.take(chrome, profile, "configure-problems", "#ostiary-problems");
  }

  @Test
  void configure_after_a_resolve_that_failed() throws IOException {
    configure(Map.of());
    visitConfigure();
    chrome.type("#metadata_url", host.idp.metadataUrl().replace("federationmetadata.xml", "gone"));
    chrome.type("#metadata_host", "127.0.0.1");
    chrome.click("#resolve");
    chrome.find("#metadata_url-error");
    judge("configure-not-resolved", CONFIGURE);
  }

  @Test
  void what_others_than_system_administrators_see_of_it() throws IOException {
    assumeTrue(profile.equals("jira-9"), "newer hosts refuse by themselves");
    visitAs("manager", Installed.CONFIGURE);
    judge("configure-forbidden", "#ostiary-refused");
    assertThat(chrome.script("return getComputedStyle(document.getElementById('header')).display"))
        .as("the style of the host is at work around it")
        .isEqualTo("flex");
  }

  private static void signIn(String user, String misbehave) {
    visitAs(null, Installed.SIGN_ON);
    chrome.script(
        "document.querySelector('[name=misbehave]').value = arguments[0];"
            + "document.getElementById('user-' + arguments[1]).click()",
        misbehave,
        user);
  }

  @Test
  void the_page_of_a_refusal_and_of_a_user_without_access() throws IOException {
    configure(Map.of());
    signIn("b.simon", "wrong-key");
    chrome.find("#ostiary-code");
    judge("error", PAGE);
    signIn("b.simon", "unknown-user");
    chrome.find("#ostiary-user-id");
    judge("unknown-user", PAGE);
  }

  @Test
  void the_signed_out_page_and_the_one_that_asks_before() throws IOException {
    configure(Map.of());
    signIn("b.simon", "none");
    chrome.awaitAddress(host.base());
    chrome.script("location.href = arguments[0]", host.idp.metadataUrl());
    chrome.awaitAddress(host.idp.metadataUrl());
    chrome.script("location.href = arguments[0]", host.base() + "/plugins/servlet/saml/logout");
    chrome.find("#ostiary-sign-out");
    judge("confirm-sign-out", PAGE);
    chrome.click("#ostiary-sign-out");
    chrome.find("#ostiary-sign-in");
    assertThat(chrome.text("#ostiary-title")).isEqualTo("You are signed out");
    judge("signed-out", PAGE);
  }

  /** Settings that somebody else stored are noticed after a moment. */
  private static boolean leavesByPost() {
    try {
      return host.browser().get(host.context + Installed.SIGN_ON).status() == 200;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** They go on by themselves where scripts run, so they are looked at where none do. */
  @Test
  void the_pages_that_go_on_by_themselves() throws IOException {
    configure(Map.of());
    StringBuilder wanted =
        new StringBuilder("?target=" + host.context.replace("/", "%2F") + "%2Fx%3F");
    for (int i = 0; i < 700; i++) {
      wanted.append(i * i).append('%').append("26");
    }
    String before = host.stored("io.ostiary.settings");
    chrome.letScriptsRun(false);
    try {
      visitAs(null, Installed.SIGN_ON + wanted);
      assertThat(chrome.text("#ostiary-message")).contains("is very long");
      chrome.letScriptsRun(true);
      judge("start-long", PAGE);
      store(
          before
              .replace("\"binding\":\"redirect\"", "\"binding\":\"post\"")
              .replace("\"sso_post_url\":null", "\"sso_post_url\":\"http://127.0.0.1:9/saml2\""));
      Waiting.until(PagesIT::leavesByPost);
      chrome.letScriptsRun(false);
      visitAs(null, Installed.SIGN_ON);
      chrome.find("#ostiary-form [name=SAMLRequest]");
      chrome.letScriptsRun(true);
      judge("post-form", PAGE);
    } finally {
      chrome.letScriptsRun(true);
      store(before);
    }
  }
}
