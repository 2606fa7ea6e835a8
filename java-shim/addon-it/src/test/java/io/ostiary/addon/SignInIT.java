package io.ostiary.addon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Installed by upload, configured on its page, signed in and out, on every profile of the stand-in.
 */
@ParameterizedClass
@MethodSource("io.ostiary.addon.Profiles#all")
record SignInIT(String profile) {

  private static final String SIMON = "b.simon@contoso.example";

  private static Installed host;

  @BeforeParameterizedClassInvocation
  static void start(String profile) throws IOException {
    host = new Installed(profile);
    Browser.Answer installed = host.install();
    assertThat(installed.status()).as(installed.toString()).isEqualTo(202);
    Browser.Answer saved = host.configure(Map.of());
    assertThat(saved.location()).as(saved.toString()).endsWith("/configure?saved");
  }

  @AfterParameterizedClassInvocation
  static void stop() throws IOException {
    try {
      assertThat(host.told("violations").body().trim()).isEqualTo("[]");
    } finally {
      host.close();
    }
  }

  private static String logins() throws IOException {
    return host.told("logins").body();
  }

  @Test
  void signs_in_and_moves_the_last_login_date_once() throws IOException {
    host.browser().send("DELETE", host.context + "/standin/logins", null, null, false);
    Browser browser = host.browser();
    Browser.Answer signedIn =
        host.signIn(
            browser, "b.simon", "?target=" + host.context.replace("/", "%2F") + "%2Fx%3Fa%3Db%26c");
    assertThat(signedIn.status()).as(signedIn.toString()).isEqualTo(303);
    assertThat(signedIn.location()).isEqualTo(host.context + "/x?a=b&c");
    assertThat(logins().split(SIMON, -1)).as(logins()).hasSize(2);
    assertThat(host.told("sessions").body()).contains(SIMON);
  }

  @Test
  void shows_the_button_on_the_login_page_and_loads_nothing_elsewhere() throws IOException {
    String login = host.product.equals("jira") ? "/login.jsp" : "/login.action";
    Browser.Answer page =
        host.browser().get(host.context + login + "?os_destination=%2Fbrowse%2FX-1");
    assertThat(page.body())
        .contains(
            "ostiary-script", "target=" + host.context.replace("/", "%2F") + "%2Fbrowse%2FX-1");
    String script = page.page().selectFirst("#ostiary-script").attr("src");
    assertThat(host.browser().get(script).status()).isEqualTo(200);
    Browser.Answer elsewhere = host.admin().get(host.context + "/");
    assertThat(elsewhere.body()).doesNotContain("ostiary");
  }

  @Test
  void signs_out_of_the_host_first_and_then_at_the_identity_provider() throws IOException {
    Browser browser = host.browser();
    host.signIn(browser, "b.simon", "");
    String page = host.product.equals("jira") ? "/secure/Logout.jspa" : "/logout.action";
    Browser.Answer out = browser.get(host.context + page);
    if (out.location() != null && out.location().contains("logoutconfirm")) {
      Map<String, String> confirm = browser.get(out.location()).fields("form");
      out = browser.post(host.context + page, confirm);
    }
    assertThat(out.location()).as(out.toString()).startsWith("http://127.0.0.1:");
    assertThat(host.told("events").body()).contains("afterLogout");
    assertThat(host.told("sessions").body()).doesNotContain(SIMON);
  }

  @Test
  void ends_the_session_that_the_identity_provider_ends() throws IOException {
    Browser browser = host.browser();
    host.signIn(browser, "j.ozturk", "");
    assertThat(host.told("sessions").body()).contains("j.ozturk@contoso.example");
    Browser.Answer ended = host.browser().get(host.idp.logoutUrl("j.ozturk"));
    assertThat(ended.location()).as(ended.toString()).startsWith("http://127.0.0.1:");
    assertThat(host.told("sessions").body()).doesNotContain("j.ozturk@contoso.example");
  }
}
