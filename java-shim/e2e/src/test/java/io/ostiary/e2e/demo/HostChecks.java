package io.ostiary.e2e.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.ostiary.demo.stage.PluginHost;
import org.junit.jupiter.api.Test;

/**
 * The two hosts with their add-ons as a visitor sees them: three sites, and one session at the
 * identity provider that signs in to both.
 */
abstract class HostChecks extends DemoChecks {
  private static final String ISSUE = "/browse/DEMO-1?filter=open&sort=a%2Bb";
  private static final String PAGE = "/pages/viewpage.action?pageId=1&focusedCommentId=2";

  HostChecks(String sameSite) {
    super(sameSite);
  }

  /** Exactly one POST each: nothing went round in a circle. */
  private void assertOneMoreArrival(PluginHost host, int before) throws Exception {
    assertThat(arrivals(host)).hasSize(before + 1);
    assertArrivedAcrossSites(arrivals(host));
  }

  private void signInToBoth(String user) {
    openAsStranger(demo.jira(), ISSUE);
    pressButton();
    choose(user);
    assertAt(demo.jira(), ISSUE, user);
    openAsStranger(demo.wiki(), PAGE);
    pressButton();
    assertAt(demo.wiki(), PAGE, user);
  }

  @Test
  void signsInToBothWithOneSessionAtTheIdentityProvider() throws Exception {
    int toJira = arrivals(demo.jira()).size();
    int toWiki = arrivals(demo.wiki()).size();
    openAsStranger(demo.jira(), ISSUE);
    assertThat(browser.text("ostiary-sign-in-button")).isEqualTo("Sign in with Microsoft");
    browser.shoot("both-1-jira-login");
    pressButton();
    browser.awaitAddress(demo.idpUrl());
    browser.shoot("both-2-identity-provider");
    choose("b.simon");
    assertAt(demo.jira(), ISSUE, "b.simon");
    browser.shoot("both-3-jira");
    assertOneMoreArrival(demo.jira(), toJira);
    openAsStranger(demo.wiki(), PAGE);
    browser.text("ostiary-sign-in-button");
    browser.shoot("both-4-confluence-login");
    pressButton();
    assertAt(demo.wiki(), PAGE, "b.simon");
    browser.shoot("both-5-confluence");
    assertOneMoreArrival(demo.wiki(), toWiki);
    assertSignedIn(demo.jira(), ISSUE, "b.simon");
  }

  @Test
  void signsOutOfOneHostAndOfTheIdentityProvider() throws Exception {
    signInToBoth("b.simon");
    browser.open(demo.jira().url() + "/");
    browser.click("log_out");
    browser.awaitText("signed out");
    browser.shoot("both-6-signed-out");
    openAsStranger(demo.jira(), ISSUE);
    assertSignedIn(demo.wiki(), PAGE, "b.simon");
    openAsStranger(demo.jira(), ISSUE);
    pressButton();
    choose("a.adams");
    assertAt(demo.jira(), ISSUE, "a.adams");
  }

  @Test
  void isSignedOutOfBothByTheIdentityProvider() throws Exception {
    signInToBoth("j.ozturk");
    browser.open(demo.idpUrl());
    browser.click("sign-out-page");
    browser.click("logout-j.ozturk");
    browser.text("idp-logout-result");
    openAsStranger(demo.jira(), ISSUE);
    openAsStranger(demo.wiki(), PAGE);
    pressButton();
    browser.text("user-j.ozturk");
    browser.awaitAddress(demo.idpUrl());
  }

  @Test
  void isSignedOutOfBothByTheIdentityProviderInFrames() throws Exception {
    signInToBoth("a.adams");
    browser.open(demo.idpUrl());
    browser.click("sign-out-page");
    browser.click("logout-frame-a.adams");
    browser.lookInto("slo-frame");
    browser.awaitText("signed out");
    browser.lookOut();
    browser.lookInto("slo-frame-2");
    browser.awaitText("signed out");
    browser.lookOut();
    browser.shoot("both-7-frames");
    openAsStranger(demo.jira(), ISSUE);
    openAsStranger(demo.wiki(), PAGE);
  }

  @Test
  void signsInAsAnotherUserAfterASwitch() throws Exception {
    signInToBoth("b.simon");
    browser.open(demo.idpUrl());
    browser.shoot("both-8-switch-user");
    browser.click("forget");
    browser.open(demo.jira().url() + "/");
    browser.click("log_out");
    openAsStranger(demo.jira(), ISSUE);
    pressButton();
    choose("a.adams");
    assertAt(demo.jira(), ISSUE, "a.adams");
  }

  @Test
  void entersAHostFromMyApps() throws Exception {
    browser.open(demo.idpUrl());
    browser.click("my-apps-2");
    choose("b.simon");
    browser.awaitAddress(demo.jira().url());
    assertThat(browser.text("header-details-user-fullname")).isEqualTo("b.simon@contoso.example");
  }
}
