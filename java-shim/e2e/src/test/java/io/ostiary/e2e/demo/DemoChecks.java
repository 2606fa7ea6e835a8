package io.ostiary.e2e.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.ostiary.demo.stage.Demo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * The demo's application as a visitor sees it. Identity provider and application are two sites, and
 * the start page gives every visitor a session; so the session cookie, be it Lax or Strict, does
 * not come with the identity provider's POST. If it did, a sign-in that needs it would pass here
 * and fail everywhere else.
 */
abstract class DemoChecks extends DemoStage {
  DemoChecks(String sameSite) {
    super(Demo.Names.OF_THEIR_OWN, sameSite, sameSite.toLowerCase(Locale.ROOT));
  }

  private void signIn(String user) {
    browser.awaitAddress(demo.idpUrl());
    browser.click("user-" + user);
    browser.awaitAddress(demo.url());
  }

  /** What came with the POSTs to the ACS, one a line. */
  private List<String> arrivals() throws IOException, InterruptedException {
    return answer(demo.url() + "demo/arrivals").lines().toList();
  }

  private void assertArrivedAcrossSites() throws IOException, InterruptedException {
    assertArrivedAcrossSites(arrivals());
  }

  /**
   * The application shows its account page to nobody: it sends the visitor to the identity
   * provider.
   */
  private void assertSignedOut() {
    browser.open(demo.url() + "account");
    browser.awaitAddress(demo.idpUrl());
  }

  @Test
  void signsInWithTheButton() throws Exception {
    String before = visitStartPage();
    assertThat(browser.text("sign-in")).isEqualTo("Sign in with Microsoft Entra ID");
    browser.shoot("button-1-start");
    browser.click("sign-in");
    browser.awaitAddress(demo.idpUrl());
    browser.shoot("button-2-identity-provider");
    signIn("j.ozturk");
    assertThat(browser.address()).isEqualTo(demo.url() + "account");
    assertThat(browser.text("user")).isEqualTo("j.ozturk@contoso.example");
    assertThat(browser.page()).contains("J\u00f6rg \u00d6zt\u00fcrk");
    browser.shoot("button-3-account");
    assertArrivedAcrossSites();
    assertThat(browser.cookie(SESSION))
        .as("the session is renewed at sign-in")
        .isNotNull()
        .isNotEqualTo(before);
    browser.open(demo.url());
    assertThat(browser.text("user")).isEqualTo("j.ozturk@contoso.example");
    browser.shoot("button-4-start-signed-in");
  }

  @Test
  void bringsADeepLinkBackWithItsWholeQuery() throws Exception {
    visitStartPage();
    String target = "browse/DEMO-1?filter=open&sort=a%2Bb&q=%C3%BC%20%26%3D&empty=&twice=1&twice=2";
    browser.open(demo.url() + target);
    signIn("b.simon");
    assertThat(browser.address()).isEqualTo(demo.url() + target);
    assertThat(browser.text("here")).isEqualTo("/" + target);
    assertThat(browser.text("user")).isEqualTo("b.simon@contoso.example");
    browser.shoot("deep-link");
    assertArrivedAcrossSites();
  }

  @Test
  void bringsADeepLinkBackThatNoCookieHolds() throws Exception {
    visitStartPage();
    StringBuilder noise = new StringBuilder();
    for (long i = 1; noise.length() < 3500; i++) {
      noise.append(Long.toHexString(i * 0x9E3779B97F4A7C15L));
    }
    String target = "browse/DEMO-2?q=" + noise;
    browser.open(demo.url() + target);
    signIn("b.simon");
    browser.awaitAddress(demo.url() + "browse/");
    assertThat(browser.address()).isEqualTo(demo.url() + target);
    assertArrivedAcrossSites();
  }

  @Test
  void entersFromMyApps() throws Exception {
    visitStartPage();
    browser.open(demo.idpUrl());
    browser.shoot("my-apps-1-portal");
    browser.click("my-apps");
    signIn("a.adams");
    assertThat(browser.address()).isEqualTo(demo.url() + "account");
    assertThat(browser.text("user")).isEqualTo("a.adams@contoso.example");
    browser.shoot("my-apps-2-account");
    assertArrivedAcrossSites();
  }

  @Test
  void finishesFiveTabsInAnyOrder() throws Exception {
    visitStartPage();
    List<String> tabs = new ArrayList<>();
    for (int number = 1; number <= 5; number++) {
      tabs.add(browser.openTab(demo.url() + "browse/TAB-" + number + "?tab=" + number));
      browser.awaitAddress(demo.idpUrl());
    }
    for (int number : new int[] {3, 1, 5, 2, 4}) {
      browser.look(tabs.get(number - 1));
      signIn("b.simon");
      assertThat(browser.address())
          .isEqualTo(demo.url() + "browse/TAB-" + number + "?tab=" + number);
      assertThat(browser.text("user")).isEqualTo("b.simon@contoso.example");
      assertArrivedAcrossSites();
    }
    browser.shoot("five-tabs");
  }

  @Test
  void signsOutHereAndAtTheIdentityProvider() throws Exception {
    visitStartPage();
    browser.click("sign-in");
    signIn("b.simon");
    browser.click("sign-out");
    browser.awaitAddress(demo.url() + "plugins/servlet/saml/logout");
    assertThat(browser.page()).containsIgnoringCase("signed out");
    browser.shoot("sign-out-here");
    browser.open(demo.idpUrl());
    browser.click("sign-out-page");
    assertThat(browser.has("logout-b.simon"))
        .as("still signed in at the identity provider")
        .isFalse();
    assertSignedOut();
  }

  @Test
  void isSignedOutByTheIdentityProvider() throws Exception {
    visitStartPage();
    browser.click("sign-in");
    signIn("b.simon");
    browser.open(demo.idpUrl());
    browser.click("sign-out-page");
    browser.shoot("sign-out-there-1");
    browser.click("logout-b.simon");
    browser.awaitAddress(demo.idpUrl());
    browser.shoot("sign-out-there-2");
    assertSignedOut();
  }

  @Test
  void isSignedOutByTheIdentityProviderInAFrame() throws Exception {
    visitStartPage();
    browser.click("sign-in");
    signIn("a.adams");
    browser.open(demo.idpUrl());
    browser.click("sign-out-page");
    browser.click("logout-frame-a.adams");
    browser.text("slo-frame");
    browser.shoot("sign-out-frame");
    assertSignedOut();
  }

  @Test
  void refusesAResponseForAnotherApplication() throws Exception {
    String before = visitStartPage();
    browser.click("sign-in");
    browser.awaitAddress(demo.idpUrl());
    browser.script("document.getElementById('switches').open = true");
    browser.choose("misbehave", "wrong-audience");
    browser.shoot("refused-1-switches");
    signIn("b.simon");
    assertThat(browser.text("ostiary-code")).isEqualTo("audience-mismatch");
    assertThat(browser.text("ostiary-reference")).matches("[a-z2-9]{12}");
    assertThat(browser.page()).doesNotContain("b.simon");
    browser.shoot("refused-2-page");
    assertArrivedAcrossSites();
    assertSignedOut();
    browser.open(demo.url());
    assertThat(browser.has("user")).isFalse();
    assertThat(browser.cookie(SESSION)).as("no session was begun or renewed").isEqualTo(before);
  }

  @Test
  void refusesAUserWhomTheApplicationHasSwitchedOff() throws Exception {
    visitStartPage();
    browser.click("sign-in");
    signIn("i.inactive");
    assertThat(browser.text("ostiary-code")).isEqualTo("user-inactive");
    browser.shoot("refused-3-inactive");
    browser.open(demo.url());
    assertThat(browser.has("user")).isFalse();
  }
}
