package io.ostiary.addon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.openqa.selenium.json.Json;

/**
 * From a page that somebody wants to see, through the button and the identity provider, to that
 * very page: in a real browser, with and without a context path.
 */
@ParameterizedClass
@MethodSource("deployments")
record DeepLinkScenariosIT(String profile, String context) {

  private static final String SIMON = "b.simon@contoso.example";
  private static final String BUTTON = "#ostiary-sign-in-button";
  private static final String PHONE =
      "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko)"
          + " Chrome/126.0.0.0 Mobile Safari/537.36";

  private static Installed host;
  private static Chrome chrome;

  static Stream<Arguments> deployments() {
    return Profiles.all().stream()
        .flatMap(
            profile ->
                Stream.of(profile.startsWith("jira") ? "/jira" : "/wiki", "")
                    .map(context -> Arguments.of(profile, context)));
  }

  @BeforeParameterizedClassInvocation
  static void start(String profile, String context) throws IOException {
    host = new Installed(profile, context, List.of());
    assertThat(host.install().status()).isEqualTo(202);
    assertThat(host.configure(Map.of()).location()).endsWith("/configure?saved");
    chrome = new Chrome();
  }

  @AfterParameterizedClassInvocation
  static void stop() throws IOException {
    chrome.close();
    try {
      assertThat(host.told("violations").body().trim()).isEqualTo("[]");
    } finally {
      host.close();
    }
  }

  @BeforeEach
  void beSomebodyNew() {
    chrome.open("about:blank"); // else an address that differs in its hash alone is not asked for
    chrome.forgetCookies();
  }

  private static boolean isJira() {
    return host.product.equals("jira");
  }

  /** A page that only users see; it says below which path it was asked for. */
  private static String deepLink() {
    return isJira()
        ? "/browse/X-1?filter=3&a=b"
        : "/pages/viewpage.action?pageId=1&focusedCommentId=2";
  }

  /** Opens a page, is sent to the login page, presses the button, signs in, and is back. */
  private static void signInOnTheWayTo(String link) {
    chrome.open(host.base() + link);
    pressTheButton();
    chrome.click("[id='user-b.simon']");
    chrome.awaitAddress(host.base());
    chrome.find("[data-username='" + SIMON + "']");
  }

  private static void pressTheButton() {
    assertThat(chrome.address()).startsWith(host.base());
    chrome.click(BUTTON);
    chrome.awaitAddress("http://127.0.0.1:");
  }

  private static Map<?, ?> simon() throws IOException {
    List<Map<?, ?>> users = new Json().toType(host.told("users").body(), List.class);
    return users.stream().filter(user -> SIMON.equals(user.get("name"))).findFirst().orElseThrow();
  }

  private static long logins() throws IOException {
    return ((Number) simon().get("loginCount")).longValue();
  }

  @Test
  void s07_one_click_leads_in_to_the_start_page_and_moves_the_last_login_date() throws IOException {
    long before = logins();
    Object last = simon().get("lastLogin");
    signInOnTheWayTo(host.loginPage().substring(host.context.length()));
    assertThat(chrome.address()).isEqualTo(host.site + host.startPage());
    assertThat(chrome.text("#header-details-user-fullname")).isEqualTo(SIMON);
    assertThat(logins()).isEqualTo(before + 1);
    assertThat(simon().get("lastLogin")).isNotNull().isNotEqualTo(last);
  }

  @Test
  void s08_a_deep_link_leads_to_that_very_address() {
    signInOnTheWayTo(deepLink());
    assertThat(chrome.address()).isEqualTo(host.base() + deepLink());
    String shown = isJira() ? "/browse/X-1" : "Page 1";
    assertThat(chrome.text(isJira() ? "#issue-content" : "#main-content")).isEqualTo(shown);
  }

  @Test
  void s08_a_dashboard_with_a_query_leads_to_that_very_address() {
    assumeTrue(
        isJira() && !profile.equals("jira-10") && !profile.equals("jira-11"),
        "no login form on a dashboard");
    String link = "/secure/Dashboard.jspa?selectPageId=10100&x=%C3%BC";
    signInOnTheWayTo(link);
    assertThat(chrome.address()).isEqualTo(host.base() + link);
  }

  @Test
  void s09_the_part_after_the_hash_is_kept() {
    String link = deepLink() + "#comment-9";
    signInOnTheWayTo(link);
    assertThat(chrome.address()).isEqualTo(host.base() + link);
  }

  @Test
  void s10_a_target_that_is_no_page_of_this_site_leads_home_and_is_logged() throws IOException {
    for (String evil :
        List.of(
            "//evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "\\\\evil.example",
            "/\\evil.example")) {
      Map<String, String> target = Map.of("target", evil);
      host.browser().send("DELETE", host.context + "/standin/log", null, null, false);
      Browser.Answer in = host.signIn(host.browser(), "b.simon", "?" + Browser.encode(target));
      assertThat(in.status()).as(evil).isEqualTo(303);
      assertThat(in.location()).as(evil).isEqualTo(host.context + "/");
      assertThat(host.told("log").body()).as(evil).contains("target-refused");

      // Asked for on the login page, and in place of what comes back with the answer.
      Map<String, String> wanted = Map.of("os_destination", evil);
      String button =
          host.browser()
              .get(host.loginPage() + "?" + Browser.encode(wanted))
              .page()
              .selectFirst("#ostiary-script")
              .attr("data-href");
      in =
          host.signIn(
              host.browser(),
              "b.simon",
              button.substring((host.context + Installed.SIGN_ON).length()));
      assertThat(in.location()).as(button).isEqualTo(host.context + "/");
      Browser browser = host.browser();
      Map<String, String> form = host.response(browser, "b.simon", "", Map.of());
      form.put("RelayState", evil);
      Browser.Answer relayed = browser.postFromElsewhere(host.base() + Installed.SIGN_ON, form);
      assertThat(relayed.location()).as(evil).isIn(null, host.context + "/");
    }
  }

  @Test
  void s21_a_phone_signs_in_and_comes_back_to_the_address_it_asked_for() {
    boolean mobileWeb = !isJira() || profile.equals("jira-5.2");
    String link = mobileWeb ? "/plugins/servlet/mobile" : deepLink();
    if (mobileWeb) {
      link += isJira() ? "#issue/X-1" : "#content/view/1";
    }
    chrome.pretendToBe(PHONE, 412, 915);
    try {
      signInOnTheWayTo(link);
      assertThat(chrome.address()).isEqualTo(host.base() + link);
      // What an app does after its web view has signed in.
      String rest = isJira() ? "/rest/api/2/myself" : "/rest/api/user/current";
      Object name =
          chrome.scriptWithCallback(
              "var done = arguments[1]; fetch(arguments[0]).then(a => a.json()).then(a => done(a.name))",
              host.context + rest);
      assertThat(name).isEqualTo(SIMON);
    } finally {
      chrome.pretendToBe("", 1100, 800);
    }
  }
}
