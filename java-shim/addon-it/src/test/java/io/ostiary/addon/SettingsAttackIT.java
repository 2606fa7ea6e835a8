package io.ostiary.addon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is no system administrator in a secure session reads nothing and changes nothing. */
@ParameterizedClass
@ValueSource(strings = {"jira-10", "confluence-10"})
record SettingsAttackIT(String profile) {

  private static final String SETTINGS = "/plugins/servlet/ostiary/settings";
  private static final List<String> ALL =
      List.of(
          Installed.CONFIGURE,
          SETTINGS,
          "/plugins/servlet/ostiary/support",
          "/plugins/servlet/ostiary/certificate");
  private static final String JSON = "application/json";

  private static Installed host;
  private static String before;

  @BeforeParameterizedClassInvocation
  static void start(String profile) throws IOException {
    host = new Installed(profile);
    assertThat(host.install().status()).isEqualTo(202);
    assertThat(host.configure(Map.of()).location()).endsWith("?saved");
  }

  @BeforeEach
  void remember() throws IOException {
    before = host.told("settings").body();
    assertThat(before).contains("io.ostiary.settings");
  }

  @AfterEach
  void nothing_was_changed() throws IOException {
    host.change("switches", Map.of("name", "websudo", "value", "false"));
    assertThat(host.told("settings").body()).isEqualTo(before);
  }

  @AfterParameterizedClassInvocation
  static void stop() throws IOException {
    host.close();
  }

  private static void showsNothing(Browser.Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isIn(302, 303, 401, 403, 405);
    assertThat(answer.body()).doesNotContain("entity_id", "certificates", "sts.windows.net");
  }

  private static Browser.Answer put(Browser browser, String json) throws IOException {
    Browser.Answer now = host.admin().get(host.context + SETTINGS);
    return browser
        .with("If-Match", now.header("etag"))
        .send("PUT", host.context + SETTINGS, JSON, json, false);
  }

  @Test
  void wants_a_secure_administrator_session() throws IOException {
    host.change("switches", Map.of("name", "websudo", "value", "true"));
    Browser admin = host.admin();
    admin.get(host.context + "/"); // signed in, with a cookie from now on
    for (String path : ALL) {
      showsNothing(admin.get(host.context + path));
      showsNothing(admin.post(host.context + path, Map.of("action", "save")));
    }
    showsNothing(put(admin, "{}"));
  }

  @Test
  void takes_no_forged_token() throws IOException {
    Browser admin = host.admin();
    Map<String, String> fields =
        admin.get(host.context + Installed.CONFIGURE).fields("#ostiary-form");
    fields.put("action", "save");
    fields.put("login_button_name", "changed");
    fields.put("atl_token", "forged");
    assertThat(admin.post(host.context + Installed.CONFIGURE, fields).status()).isEqualTo(403);
    Browser.Answer answer = put(admin, "{\"addon\":{\"login_button\":{\"name\":\"changed\"}}}");
    assertThat(answer.body()).contains("xsrf-token-missing");
  }

  @Test
  void takes_no_request_of_another_application() throws IOException {
    Browser oauth = host.browser().with("Authorization", "OAuth oauth_token=\"user-admin\"");
    assertThat(oauth.get(host.context + SETTINGS).body()).contains("oauth-refused");
    assertThat(put(oauth, "{}").body()).contains("oauth-refused");
  }

  @Test
  void takes_no_request_that_a_page_of_another_site_sends() throws IOException {
    Browser admin = host.admin().with("Origin", "https://evil.example");
    assertThat(put(admin, "{}").body()).contains("foreign-origin");
    Browser.Answer form =
        host.admin().send("PUT", host.context + SETTINGS, "text/plain", "{}", false);
    assertThat(form.body()).contains("not-json");
  }

  @Test
  void believes_no_forged_host_header() throws IOException {
    Browser admin =
        host.admin().with("Host", "evil.example").with("X-Forwarded-Host", "evil.example");
    Browser.Answer page = admin.get(host.context + Installed.CONFIGURE);
    assertThat(page.fields("#ostiary-form").get("reply_url")).startsWith(host.base());
    Browser.Answer metadata =
        host.browser()
            .with("Host", "evil.example")
            .get(host.context + "/plugins/servlet/saml/metadata");
    assertThat(metadata.body()).doesNotContain("evil.example");
  }

  @Test
  void takes_no_field_that_is_not_offered() throws IOException {
    for (String json :
        List.of(
            "{\"keys\":{\"sealing\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"}}",
            "{\"host\":{\"base_url\":\"https://evil.example\"}}",
            "{\"development\":true}",
            "{\"revision\":99}",
            "{\"unknown\":1}",
            "not json")) {
      Browser.Answer answer = put(host.admin(), json);
      assertThat(answer.status()).as(json + " " + answer).isBetween(400, 499);
    }
  }

  @Test
  void never_returns_a_secret() throws IOException {
    Browser.Answer answer = host.admin().get(host.context + SETTINGS);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains("entity_id").doesNotContain("sealing", "\"signing\"");
    assertThat(host.log()).doesNotContain("sealing");
  }

  @Test
  void reads_no_body_that_is_too_large() throws IOException {
    String large = "{\"a\":\"" + "x".repeat(3 << 20) + "\"}";
    assertThat(put(host.admin(), large).status()).isEqualTo(413);
  }
}
