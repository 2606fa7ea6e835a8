package io.ostiary.addon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The button on login pages, in a real browser: also where the form comes late, and without
 * scripts.
 */
@ParameterizedClass(allowZeroInvocations = true)
@MethodSource("profiles")
record LoginButtonIT(String profile) {

  private static final String BUTTON = "#ostiary-sign-in-button";
  private static final String NO_SCRIPT = "#ostiary-sign-in-link";

  private static Installed host;
  private static Chrome chrome;

  static List<String> profiles() {
    return Profiles.among("jira-5.2", "jira-9", "jira-10", "confluence-8", "confluence-9");
  }

  @BeforeParameterizedClassInvocation
  static void start(String profile) throws IOException {
    host = new Installed(profile);
    assertThat(host.install().status()).isEqualTo(202);
    host.configure(Map.of("login_button_description", "With your Contoso account"));
    chrome = new Chrome("--window-size=800,600");
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

  @AfterEach
  void become_nobody() {
    chrome.letScriptsRun(true);
    chrome.forgetCookies();
    chrome.sendPassword(null);
  }

  private boolean isTwoStep() {
    return profile.equals("jira-10") || profile.equals("confluence-9");
  }

  private String loginPage() {
    return host.product.equals("jira") ? "/login.jsp" : "/login.action";
  }

  private static void visit(String path) {
    chrome.open(host.base() + path);
  }

  /** Exactly one button, next to the form that {@code field} is in, and it leads to this target. */
  private void offers(String name, String field, String target) throws IOException {
    chrome.find(field);
    chrome.find(BUTTON);
    // Whatever else the page does late has been done by then.
    chrome.scriptWithCallback("setTimeout(arguments[0], 1000)");
    assertThat(chrome.script("return document.querySelectorAll('[id^=ostiary-sign-in]').length"))
        .as("the box and the button in it")
        .isEqualTo(2L);
    assertThat(chrome.script("return document.querySelector(arguments[0]).href", BUTTON))
        .isEqualTo(host.base() + Installed.SIGN_ON + target);
    assertThat(chrome.text(BUTTON)).isEqualTo("Sign in with Microsoft");
    assertThat(
            chrome.script(
                "const box = document.getElementById('ostiary-sign-in'); const form = document.querySelector(arguments[0]).form;"
                    + "return box.nextElementSibling === form && !form.contains(box)",
                field))
        .as("right before the form")
        .isEqualTo(true);
    assertThat(isReachedByTab()).as("reached by the tab key").isTrue();
    Axe.hasNothingAgainst(chrome, "#ostiary-sign-in");
    Pictures.take(chrome, profile, name, "body");
  }

  private static boolean isReachedByTab() {
    chrome.script("document.activeElement.blur()");
    for (int i = 0; i < 15; i++) {
      chrome.pressTab();
      if (chrome.script("return document.activeElement.id").equals("ostiary-sign-in-button")) {
        return true;
      }
    }
    return false;
  }

  private static void offersWithoutScripts(String path, String target) {
    chrome.letScriptsRun(false);
    visit(path);
    assertThat(chrome.find(NO_SCRIPT + " a").getDomProperty("href"))
        .isEqualTo(host.base() + Installed.SIGN_ON + target);
    assertThat(chrome.find(NO_SCRIPT).isDisplayed()).isTrue();
    assertThat(chrome.has(BUTTON)).isFalse();
    // What is in noscript is hidden again as soon as scripts run.
    chrome.letScriptsRun(true);
    chrome.script("document.body.append(document.querySelector(arguments[0]))", NO_SCRIPT);
    Axe.hasNothingAgainst(chrome, NO_SCRIPT);
  }

  private static String target(String path) {
    return "?target=" + (host.context + path).replace("/", "%2F");
  }

  @Test
  void button_is_there_once_on_the_classic_login_page() throws IOException {
    assumeTrue(!isTwoStep(), "two steps");
    visit(loginPage() + "?os_destination=%2Fbrowse%2FX-1");
    offers("login", "[name=os_username]", target("/browse/X-1"));
  }

  @Test
  void button_is_there_once_on_the_two_step_login_page_which_is_drawn_late() throws IOException {
    assumeTrue(isTwoStep(), "one step");
    visit(loginPage() + "?os_destination=%2Fbrowse%2FX-1");
    offers("login-two-step", "#username-field", target("/browse/X-1"));
    chrome.type("#username-field", "admin");
    chrome.click("#login-button");
    chrome.awaitText("#login-button", "Log in");
    offers("login-second-step", "#password-field", target("/browse/X-1"));
  }

  @Test
  void button_is_there_once_on_the_dashboard_whose_gadget_is_drawn_late() throws IOException {
    assumeTrue(profile.equals("jira-5.2") || profile.equals("jira-9"), "no login gadget");
    visit("/secure/Dashboard.jspa");
    offers("login-dashboard", "#loginform [name=os_username]", target("/secure/Dashboard.jspa"));
  }

  @Test
  void button_is_there_once_on_the_portal() throws IOException {
    assumeTrue(host.product.equals("jira") && !profile.equals("jira-5.2"), "no portal");
    visit("/servicedesk/customer/user/login?destination=portal%2F2");
    offers(
        "login-portal",
        isTwoStep() ? "#username-field" : "#os_username",
        target("/servicedesk/customer/portal/2"));
  }

  @Test
  void button_is_there_once_on_the_mobile_page() throws IOException {
    assumeTrue(profile.equals("jira-5.2"), "no mobile login page of its own");
    visit("/plugins/servlet/mobile");
    offers("login-mobile", "#username", target("/plugins/servlet/mobile"));
  }

  @Test
  void button_leads_to_the_page_that_was_wanted() throws IOException {
    String page = host.product.equals("jira") ? "/browse/X-1" : "/display/X";
    visit(loginPage() + "?os_destination=" + page.replace("/", "%2F") + "%3Fa%3Db%26c%3Dd");
    chrome.find(BUTTON);
    chrome.script("document.querySelector(arguments[0]).focus()", BUTTON);
    chrome.pressEnter();
    chrome.click("#user-b\\.simon");
    chrome.awaitAddress(host.base() + page);
    assertThat(chrome.address()).isEqualTo(host.base() + page + "?a=b&c=d");
  }

  @Test
  void link_is_there_where_scripts_are_switched_off() {
    offersWithoutScripts(loginPage() + "?os_destination=%2Fx", target("/x"));
    if (host.product.equals("jira")) {
      offersWithoutScripts("/secure/Dashboard.jspa", target("/secure/Dashboard.jspa"));
    }
  }

  @Test
  void settings_of_a_project_are_as_the_host_made_them() {
    assumeTrue(host.product.equals("jira"), "Confluence has none");
    chrome.sendPassword("admin");
    visit("/plugins/servlet/project-config/X");
    chrome.find("#project-save");
    assertThat(chrome.source()).doesNotContain("ostiary");
  }

  @Test
  void no_button_where_an_administrator_confirms_the_password() {
    boolean jira = host.product.equals("jira");
    chrome.sendPassword("admin");
    visit(jira ? "/secure/admin/WebSudoAuthenticate!default.jspa" : "/authenticate.action");
    chrome.find("[type=password]");
    assertThat(chrome.source()).doesNotContain("ostiary");
  }
}
