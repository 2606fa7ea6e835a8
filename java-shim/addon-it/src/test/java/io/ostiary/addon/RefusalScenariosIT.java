package io.ostiary.addon;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What is refused, what is told of it, and to whom. */
@ParameterizedClass
@MethodSource("io.ostiary.addon.Profiles#all")
record RefusalScenariosIT(String profile) {

  private static final String SETTINGS = "/plugins/servlet/ostiary/settings";
  private static final List<String> PAGES =
      List.of(
          Installed.CONFIGURE,
          "/plugins/servlet/ostiary/support",
          "/plugins/servlet/ostiary/certificate");

  private static final List<String> ACCESS_RULES =
      List.of("jira-10", "jira-11", "confluence-9", "confluence-10");

  private static Installed host;

  @BeforeParameterizedClassInvocation
  static void start(String profile) throws IOException {
    host = new Installed(profile);
    assertThat(host.install().status()).isEqualTo(202);
    assertThat(host.configure(Map.of()).location()).endsWith("?saved");
  }

  @AfterParameterizedClassInvocation
  static void stop() throws IOException {
    try {
      assertThat(host.told("violations").body().trim()).isEqualTo("[]");
    } finally {
      host.close();
    }
  }

  private static void endSessions() throws IOException {
    host.browser().send("DELETE", host.context + "/standin/sessions", null, null, false);
  }

  private static void assertNobodyCameIn(Browser.Answer answer) throws IOException {
    assertThat(answer.body())
        .doesNotContain("\tat ", "Exception", "panicked", "admin@contoso.example");
    assertThat(host.hasSession("@contoso.example")).as(answer.toString()).isFalse();
  }

  private static void assertRefused(Map<String, String> switches, String code) throws IOException {
    endSessions();
    Browser.Answer answer = host.signIn(host.browser(), "b.simon", "", switches);
    assertThat(answer.code()).as(switches + ": " + answer).isEqualTo(code);
    assertThat(answer.status()).isBetween(400, 499);
    assertNobodyCameIn(answer);
  }

  private static void assertComesIn(Map<String, String> switches) throws IOException {
    Browser.Answer answer = host.signIn(host.browser(), "b.simon", "", switches);
    assertThat(answer.status()).as(switches + ": " + answer).isEqualTo(303);
  }

  @Test
  void s31_refuses_every_forgery_with_its_own_code() throws IOException {
    Map<String, String> codes = new LinkedHashMap<>();
    codes.put("unsigned", "signature-missing");
    codes.put("comment-in-name-id", "xml-comment");
    codes.put("duplicate-id", "xml-duplicate-id");
    codes.put("sha1", "signature-sha1");
    codes.put("wrong-key", "signature-invalid"); // its certificate stands in the message
    codes.put("doctype", "xml-doctype");
    codes.put("wrapped", "assertion-not-unique"); // it, too, is one of two
    codes.put("tampered", "signature-digest-mismatch");
    assertThat(codes.values()).doesNotHaveDuplicates();
    host.forgetLog();
    for (Map.Entry<String, String> one : codes.entrySet()) {
      assertRefused(Map.of("misbehave", one.getKey()), one.getValue());
    }
    assertRefused(Map.of("misbehave", "two-assertions"), "assertion-not-unique");
    assertThat(host.logged("WARNING")).hasSize(codes.size() + 1);
    assertThat(host.logged("SEVERE")).isEmpty();
    // Entra may sign the Response alone; who wants more says so.
    assertComesIn(Map.of("shape", "response"));
    wantAssertionSigned(true);
    assertRefused(Map.of("shape", "response"), "assertion-unsigned");
    assertComesIn(Map.of("shape", "both"));
    wantAssertionSigned(false);
  }

  private static void wantAssertionSigned(boolean wanted) throws IOException {
    host.store(
        document -> {
          if (!document.has("policy")) {
            document.add("policy", new JsonObject());
          }
          document.getAsJsonObject("policy").addProperty("want_assertion_signed", wanted);
        });
  }

  @Test
  void s32_a_replay_starts_again_once_and_then_says_what_is_wrong() throws IOException {
    Browser browser = host.browser();
    Map<String, String> form = host.response(browser, "b.simon", "", Map.of());
    assertThat(host.consume(browser, form).status()).isEqualTo(303);
    endSessions();
    Browser.Answer again = host.consume(browser, form);
    assertStartsAgain(again);
    assertNobodyCameIn(again);
    Map<String, String> marked =
        host.idp.signIn(again.location(), "b.simon", Map.of("misbehave", "none"));
    assertThat(host.consume(browser, marked).status()).isEqualTo(303);
    endSessions();
    Browser.Answer third = host.consume(browser, marked);
    assertThat(third.code()).as(third.toString()).isEqualTo("already-used");
    assertSaysWhatToDo(third);
    assertNobodyCameIn(third);
  }

  @Test
  void s32_an_answer_that_was_not_asked_for_here_starts_again_once() throws IOException {
    Map<String, String> stolen = host.response(host.browser(), "b.simon", "", Map.of());
    endSessions();
    Browser other = host.browser();
    Browser.Answer again = host.consume(other, stolen);
    assertStartsAgain(again);
    assertNobodyCameIn(again);
    // The cookie is lost once more: no loop.
    Map<String, String> marked = host.idp.signIn(again.location(), "b.simon", Map.of());
    Browser.Answer refused = host.consume(host.browser(), marked);
    assertThat(refused.code()).as(refused.toString()).isEqualTo("attempt-missing");
    assertSaysWhatToDo(refused);
    assertNobodyCameIn(refused);
    // The restart itself was a clean one.
    assertThat(host.consume(other, marked).status()).isEqualTo(303);
    assertRefused(Map.of("misbehave", "wrong-in-response-to"), "response-in-response-to");
  }

  /** An attempt lasts an hour; how long a message lasts is its own conditions' word. */
  @Test
  void s32_a_message_of_half_an_hour_ago_whose_time_is_over_does_not_sign_in() throws IOException {
    Map<String, String> old = Map.of("clock", String.valueOf(-31 * 60), "lifetime", "600");
    assertRefused(old, "conditions-expired");
    Browser browser = host.browser();
    Browser.Answer refused = host.signIn(browser, "b.simon", "", old);
    assertSaysWhatToDo(refused);
    String again = refused.page().select("#ostiary-try-again").attr("abs:href");
    Browser.Answer start = browser.get(again);
    assertThat(
            host.consume(browser, host.idp.signIn(start.location(), "b.simon", Map.of())).status())
        .isEqualTo(303);
  }

  private static void assertStartsAgain(Browser.Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(303);
    assertThat(answer.location()).contains("/saml2?").contains("RelayState=r1.");
  }

  private static void assertSaysWhatToDo(Browser.Answer answer) {
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.page().select("#ostiary-message").text()).isNotEmpty();
    assertThat(answer.page().select("#ostiary-try-again")).hasSize(1);
    assertThat(answer.page().select("#ostiary-reference").text()).isNotEmpty();
  }

  @Test
  void s33_traces_what_was_expected_and_what_was_seen() throws IOException {
    String acs = host.base() + Installed.SIGN_ON;
    for (String[] one :
        new String[][] {
          {"wrong-audience", "audience-mismatch", host.base() + "/", "other.contoso.example/"},
          {"wrong-recipient", "recipient-mismatch", acs, "other.contoso.example/acs"},
          {"wrong-destination", "destination-mismatch", acs, "other.contoso.example/acs"},
        }) {
      assertRefused(Map.of("misbehave", one[0]), one[1]);
      assertThat(host.trace(one[1])).contains("expected", one[2], "seen", one[3]);
    }
  }

  @Test
  void s33_honours_the_clock_skew_and_names_it() throws IOException {
    // A provider whose clock is ahead.
    assertComesIn(Map.of("clock", "240"));
    assertRefused(Map.of("clock", "360"), "response-issue-instant");
    assertThat(host.trace("response-issue-instant")).contains("300 s", "seen");
    // One whose clock is behind, so that a message of ten minutes is over too early.
    assertSkew("180", "240", "0");
    assertSkew("300", "360", "240");
    assertThat(host.press("save", Map.of("clock_skew_seconds", "180")).location())
        .endsWith("?saved");
  }

  private static void assertSkew(String skew, String refused, String accepted) throws IOException {
    assertThat(host.press("save", Map.of("clock_skew_seconds", skew)).location())
        .endsWith("?saved");
    assertComesIn(overSince(accepted));
    assertRefused(overSince(refused), "conditions-expired");
    assertThat(host.trace("conditions-expired")).contains("\u00b1 " + skew + " s");
  }

  private static Map<String, String> overSince(String seconds) {
    int behind = 600 + Integer.parseInt(seconds);
    return Map.of("clock", String.valueOf(-behind), "lifetime", "600");
  }

  @Test
  void s45_tells_nothing_to_anonymous_and_plain_users_but_our_metadata() throws IOException {
    String before = host.told("settings").body();
    for (Browser browser :
        List.of(
            host.browser(),
            host.withPassword("b.simon@contoso.example"),
            host.withPassword("manager"))) {
      for (String page : PAGES) {
        assertShowsNothing(browser.get(host.context + page), true);
        assertShowsNothing(browser.post(host.context + page, Map.of("action", "save")), false);
      }
      assertShowsNothing(browser.get(host.context + SETTINGS), false);
      assertShowsNothing(
          browser.send("PUT", host.context + SETTINGS, "application/json", "{}", false), false);
    }
    Browser.Answer metadata = host.browser().get(host.context + "/plugins/servlet/saml/metadata");
    assertThat(metadata.status()).isEqualTo(200);
    assertThat(metadata.body())
        .contains("SPSSODescriptor", host.base() + Installed.SIGN_ON)
        .doesNotContain("sts.windows.net", "IDPSSODescriptor");
    assertThat(host.told("settings").body()).isEqualTo(before);
  }

  /**
   * A page that a browser visits leads to the host's login page; that shows nothing either. Hosts
   * with access rules of their own lead everybody there before we are asked.
   */
  private static void assertShowsNothing(Browser.Answer answer, boolean visit) {
    if (answer.location() != null && (visit || ACCESS_RULES.contains(host.profile))) {
      assertThat(answer.location()).contains("login");
    } else {
      assertThat(answer.status()).as(answer.toString()).isIn(401, 403);
    }
    assertThat(answer.body()).doesNotContain("entity_id", "certificate", "sts.windows.net");
  }

  @Test
  void s45_changes_nothing_without_the_token_of_the_page() throws IOException {
    String before = host.told("settings").body();
    for (String token : new String[] {null, "forged"}) {
      Browser admin = host.admin();
      Map<String, String> fields =
          admin.get(host.context + Installed.CONFIGURE).fields("#ostiary-form");
      fields.put("action", "save");
      fields.put("login_button_name", "changed");
      fields.remove("atl_token");
      if (token != null) {
        fields.put("atl_token", token);
      }
      assertThat(admin.post(host.context + Installed.CONFIGURE, fields).status()).isEqualTo(403);
      assertThat(host.told("settings").body()).isEqualTo(before);
    }
  }

  @Test
  void s46_logs_a_warning_for_each_failure_and_nothing_of_a_person_but_the_user_id()
      throws IOException {
    List<String> failures =
        List.of(
            "wrong-audience",
            "wrong-recipient",
            "tampered",
            "unsigned",
            "expired",
            "wrapped",
            "doctype",
            "not-base64",
            "unknown-user",
            "status-error");
    List<String> secrets = new ArrayList<>();
    host.forgetLog();
    for (int i = 0; i < 100; i++) {
      Browser browser = host.browser();
      Map<String, String> form = host.response(browser, "j.ozturk", "", Map.of());
      secrets.addAll(browser.secrets());
      assertThat(host.consume(browser, form).status()).isEqualTo(303);
      secrets.addAll(browser.secrets());
      secrets.add(form.get("SAMLResponse").substring(0, 40));
      if (i % 10 == 0) {
        host.signIn(host.browser(), "j.ozturk", "", failures.get(i / 10));
      }
    }
    assertThat(host.logged("WARNING"))
        .hasSize(failures.size())
        .allMatch(line -> line.matches("(?s)[a-z0-9]+(-[a-z0-9]+)*: .*"));
    assertThat(host.logged("SEVERE")).isEmpty();
    assertThat(host.logged("INFO")).hasSizeGreaterThan(100);
    String log = host.told("log").body();
    assertThat(log)
        .contains("signed-in", "j.ozturk@contoso.example")
        .doesNotContain(
            "\u00d6zt\u00fcrk", "J\u00f6rg", "displayname", "<Assertion", "3f2504e0-4f89");
    assertThat(secrets.stream().filter(secret -> !secret.isEmpty() && log.contains(secret)))
        .isEmpty();
  }
}
