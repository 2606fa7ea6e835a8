package io.ostiary.e2e.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Sign-in and sign-out with the test identity provider, in an application below a context path. */
@ParameterizedClass
@EnumSource(Container.class)
record SignInIT(Container container) {

  private static final String APP = "/app";

  private static Lab lab;
  private static TestIdp idp;

  @BeforeParameterizedClassInvocation
  static void start(Container container) throws Exception {
    int port = Lab.freePort();
    lab = new Lab(container, APP, Configs.of(APP, TestIdp.metadataUrl(port)));
    idp = new TestIdp(port, "http://localhost:" + lab.port() + APP + "/");
    lab.awaitArmed();
  }

  @AfterParameterizedClassInvocation
  static void stop() throws IOException {
    lab.close();
    idp.close();
  }

  @Test
  void signs_in_and_comes_back_to_the_deep_link_with_its_query() throws IOException {
    Browser browser = new Browser(lab, idp);
    Http.Answer signedIn =
        browser.signIn("b.simon", "/secret/browse/X-1?filter=a%2Bb&x=%C3%BC&filter=2");
    assertThat(signedIn.status()).as(signedIn.body()).isEqualTo(303);
    assertThat(signedIn.header("location"))
        .isEqualTo(APP + "/secret/browse/X-1?filter=a%2Bb&x=%C3%BC&filter=2");
    Http.Answer page = browser.follow(signedIn);
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.fact("query")).isEqualTo("filter=a%2Bb&x=%C3%BC&filter=2");
    assertThat(page.fact("uri")).isEqualTo(APP + "/secret/browse/X-1");
    assertThat(page.fact("user")).isEqualTo("simon");
    assertThat(page.fact("principal")).isEqualTo("simon");
    assertThat(page.fact("name-id")).isEqualTo("b.simon@contoso.example");
    assertThat(page.fact("attributes")).contains("b.simon@contoso.example");
    assertThat(page.fact("auth")).isEqualTo("SAML");
    assertThat(page.fact("role")).isEqualTo("false");
  }

  @Test
  void comes_in_from_my_apps_and_lands_at_home() throws IOException {
    Browser browser = new Browser(lab, idp);
    Http.Answer signedIn = browser.signIn("a.adams", Lab.SIGN_ON);
    assertThat(signedIn.header("location")).isEqualTo(APP + "/public/who");
    assertThat(browser.follow(signedIn).fact("user")).isEqualTo("a.adams@contoso.example");
    assertThat(browser.visit("/secret/page").fact("user")).isEqualTo("a.adams@contoso.example");
  }

  @Test
  void keeps_only_java_lang_types_in_the_session() throws IOException {
    Browser browser = new Browser(lab, idp);
    browser.signIn("b.simon", "/secret/page");
    List<String> types =
        browser
            .visit("/secret/page")
            .body()
            .lines()
            .filter(line -> line.startsWith("attribute-type="))
            .toList();
    assertThat(types).isNotEmpty().allMatch(line -> line.startsWith("attribute-type=java.lang."));
  }

  @Test
  void gives_a_browser_that_posts_without_its_session_cookie_a_new_session() throws IOException {
    Browser browser = new Browser(lab, idp);
    String before = browser.visit("/public/session").fact("session");
    browser.signIn("b.simon", "/secret/page");
    Http.Answer page = browser.visit("/secret/page");
    assertThat(page.fact("user")).isEqualTo("simon");
    assertThat(page.fact("session")).isNotEqualTo(before).isEqualTo(browser.cookie("JSESSIONID"));
    Browser attacker = new Browser(lab, idp);
    attacker.setCookie("JSESSIONID", before);
    assertThat(attacker.visit("/secret/page").isSecret()).isFalse();
  }

  /** Where the browser sends the session cookie along, the session is the same under a new id. */
  @Test
  void renews_a_session_that_an_attacker_planted() throws IOException {
    Browser attacker = new Browser(lab, idp);
    String planted = attacker.visit("/public/session").fact("session");
    Browser victim = new Browser(lab, idp);
    victim.setCookie("JSESSIONID", planted);
    Browser.Form form = victim.chooses("b.simon", "none", "/secret/page");
    Http.Answer signedIn = victim.postWithAllCookies(form);
    assertThat(signedIn.status()).isEqualTo(303);
    assertThat(victim.cookie("JSESSIONID")).isNotEqualTo(planted);
    Http.Answer page = victim.visit("/secret/page");
    assertThat(page.fact("user")).isEqualTo("simon");
    assertThat(page.fact("kept")).isEqualTo("basket");
    assertThat(attacker.visit("/secret/page").isSecret()).isFalse();
  }

  @Test
  void keeps_five_tabs_apart() throws IOException {
    Browser browser = new Browser(lab, idp);
    Map<String, Browser.Form> tabs = new TreeMap<>();
    for (int tab = 1; tab <= 5; tab++) {
      tabs.put("/secret/tab-" + tab, browser.chooses("b.simon", "none", "/secret/tab-" + tab));
    }
    for (Map.Entry<String, Browser.Form> tab : tabs.entrySet()) {
      assertThat(browser.post(tab.getValue()).header("location")).isEqualTo(APP + tab.getKey());
    }
  }

  @Test
  void refuses_a_response_that_was_used_before() throws IOException {
    Browser browser = new Browser(lab, idp);
    Browser.Form form = browser.chooses("b.simon", "none", "/secret/page");
    Browser thief = browser.copyOf();
    assertThat(browser.post(form).status()).isEqualTo(303);
    Http.Answer replayed = thief.post(form);
    assertThat(thief.cookie("JSESSIONID")).isNull();
    assertThat(replayed.header("location")).isNotEqualTo(APP + "/secret/page");
    assertThat(thief.visit("/secret/page").isSecret()).isFalse();
  }

  @Test
  void refuses_a_response_in_a_browser_that_did_not_ask() throws IOException {
    Browser.Form form = new Browser(lab, idp).chooses("b.simon", "none", "/secret/page");
    Browser other = new Browser(lab, idp);
    other.post(form);
    assertThat(other.cookie("JSESSIONID")).isNull();
    assertThat(other.visit("/secret/page").isSecret()).isFalse();
  }

  @Test
  void refuses_a_user_whom_the_application_has_switched_off() throws IOException {
    Browser browser = new Browser(lab, idp);
    Http.Answer refused = browser.signIn("i.inactive", "/secret/page");
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.body()).contains("user-inactive");
    assertThat(browser.visit("/secret/page").isSecret()).isFalse();
  }

  @Test
  void shows_protected_pages_by_forward_and_async_to_a_user_who_is_signed_in() throws IOException {
    Browser browser = new Browser(lab, idp);
    browser.signIn("b.simon", "/secret/page");
    assertThat(browser.visit("/public/forward?to=/secret/page").fact("user")).isEqualTo("simon");
    assertThat(browser.visit("/public/async?to=/secret/page").fact("user")).isEqualTo("simon");
    assertThat(browser.visit("/public/forward?to=/secret/page").fact("principal"))
        .isEqualTo("simon");
    assertThat(browser.visit("/public/async?to=/secret/page").fact("principal")).isEqualTo("simon");
    assertThat(browser.visit("/static.html").isSecret()).isTrue();
    assertThat(browser.visit("/public/who").fact("user")).isEqualTo("simon");
  }

  @Test
  void comes_back_to_the_page_that_forwards() throws IOException {
    Browser browser = new Browser(lab, idp);
    Http.Answer signedIn = browser.signIn("b.simon", "/public/forward?to=/secret/page");
    assertThat(signedIn.header("location")).isEqualTo(APP + "/public/forward?to=/secret/page");
    assertThat(browser.follow(signedIn).fact("user")).isEqualTo("simon");
  }

  @Test
  void signs_out_here_and_at_the_identity_provider() throws IOException {
    Browser browser = new Browser(lab, idp);
    browser.signIn("j.ozturk", "/secret/page");
    Http.Answer leaving = browser.visit(Lab.SIGN_OUT);
    assertThat(browser.visit("/secret/page").isSecret()).isFalse();
    assertThat(leaving.header("location")).startsWith("http://127.0.0.1:");
    Http.Answer back = idp.get(leaving.header("location"));
    assertThat(back.header("location"))
        .startsWith("http://localhost:" + lab.port() + APP + Lab.SIGN_OUT);
    assertThat(browser.follow(back).status()).isEqualTo(200);
  }

  @Test
  void signs_out_by_the_servlet_api() throws IOException {
    Browser browser = new Browser(lab, idp);
    browser.signIn("b.simon", "/secret/page");
    Http.Answer leave = browser.visit("/public/leave");
    assertThat(leave.fact("before")).isEqualTo("simon");
    assertThat(leave.fact("after")).isEqualTo("null");
    assertThat(browser.visit("/secret/page").isSecret()).isFalse();
  }

  /**
   * The identity provider's frame carries no cookie of the application. The message works once: it
   * does not end the session that comes after.
   */
  @Test
  void ends_the_users_sessions_when_the_identity_provider_says_so_without_a_cookie()
      throws IOException {
    Browser first = new Browser(lab, idp);
    Browser other = new Browser(lab, idp);
    first.signIn("g.guest", "/secret/page");
    other.signIn("a.adams", "/secret/page");
    assertThat(first.visit("/secret/page").isSecret()).isTrue();
    String logout = idp.logoutUrl("g.guest");
    Http.Answer answer = new Browser(lab, idp).goTo(logout);
    assertThat(answer.header("location")).startsWith("http://127.0.0.1:").contains("SAMLResponse=");
    assertThat(first.visit("/secret/page").isSecret()).isFalse();
    assertThat(other.visit("/secret/page").isSecret()).isTrue();
    assertThat(idp.get(answer.header("location")).body()).contains("You are signed out");
    first.signIn("g.guest", "/secret/page");
    new Browser(lab, idp).goTo(logout);
    assertThat(first.visit("/secret/page").isSecret()).isTrue();
  }

  @Test
  void a_new_session_after_a_logout_is_a_new_sign_in() throws IOException {
    Browser browser = new Browser(lab, idp);
    browser.signIn("b.simon", "/secret/page");
    browser.visit(Lab.SIGN_OUT);
    assertThat(browser.signIn("b.simon", "/secret/page").status()).isEqualTo(303);
    assertThat(browser.visit("/secret/page").fact("user")).isEqualTo("simon");
  }

  @Test
  void logs_a_refusal_once_with_its_code_and_the_reference_of_the_page() throws IOException {
    Browser browser = new Browser(lab, idp);
    Http.Answer refused =
        browser.post(browser.chooses("b.simon", "wrong-audience", "/secret/page"));
    assertThat(refused.body()).contains("audience-mismatch");
    List<String> lines =
        lab.log().lines().filter(line -> line.contains("audience-mismatch")).toList();
    String reference = lines.get(lines.size() - 1).replaceAll(".*\\[(\\w+)]$", "$1");
    assertThat(refused.body()).contains(reference);
    assertThat(lines.stream().filter(line -> line.contains(reference))).hasSize(1);
    assertThat(lines)
        .allMatch(line -> line.startsWith("WARNING: "))
        .noneMatch(line -> line.contains("b.simon"));
  }

  /** The log is everything that the application's JVM wrote, whichever logger it came through. */
  @Test
  void writes_no_message_cookie_or_attribute_to_the_log() throws IOException {
    List<String> secrets = new ArrayList<>(List.of("Simon", "A. Adams", "objectidentifier"));
    for (String misbehave : List.of("none", "wrong-audience", "tampered", "not-base64", "huge")) {
      Browser browser = new Browser(lab, idp);
      Browser.Form form = browser.chooses("b.simon", misbehave, "/secret/page?of=canary-query");
      String message = form.fields().get("SAMLResponse");
      secrets.add(message.substring(40, 64));
      secrets.add(message.substring(message.length() / 2, message.length() / 2 + 24));
      secrets.addAll(browser.cookieValues());
      browser.post(form);
      browser.visit("/secret/page");
      secrets.addAll(browser.cookieValues());
      browser.visit(Lab.SIGN_OUT);
    }
    new Browser(lab, idp).goTo(idp.logoutUrl("b.simon"));
    String log = lab.log();
    assertThat(log).contains("signed-in: user simon", "audience-mismatch");
    assertThat(leaks(log, secrets)).isEmpty();
    assertThat(log).doesNotContain("canary-query", "<Assertion", "PHNhbWxw");
    for (String secret : secrets) {
      assertThat(leaks(log + "\nINFO: " + secret, secrets))
          .as("the check sees it")
          .contains(secret);
    }
  }

  private static List<String> leaks(String log, List<String> secrets) {
    return secrets.stream().filter(secret -> secret.length() >= 5 && log.contains(secret)).toList();
  }

  @Test
  void keeps_its_keys_in_the_file_for_the_owner_alone() throws IOException {
    assertThat(Files.readString(lab.config())).contains("\"sealing\":\"", "\"certificates\":[\"");
    assertThat(Files.getPosixFilePermissions(lab.config())).hasSize(2);
  }
}
