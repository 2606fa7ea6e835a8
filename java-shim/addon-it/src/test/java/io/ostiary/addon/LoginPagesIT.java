package io.ostiary.addon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The button on every page that asks for a password, and on no other. */
@ParameterizedClass
@ValueSource(strings = {"jira-5.2", "jira-9", "jira-10", "confluence-5", "confluence-9"})
record LoginPagesIT(String profile) {

  private static final String CUSTOMER = "a.adams@contoso.example";

  private static Installed host;

  @BeforeParameterizedClassInvocation
  static void start(String profile) throws IOException {
    host = new Installed(profile);
    assertThat(host.install().status()).isEqualTo(202);
    host.configure(
        Map.of("login_button_name", "Contoso <&> \u00fc", "login_button_description", "With MFA"));
  }

  @AfterParameterizedClassInvocation
  static void stop() throws IOException {
    try {
      assertThat(host.told("violations").body().trim()).isEqualTo("[]");
    } finally {
      host.close();
    }
  }

  private boolean hasPortal() {
    return host.product.equals("jira") && !profile.equals("jira-5.2");
  }

  private static Browser.Answer visit(String path) throws IOException {
    return host.browser().get(host.context + path);
  }

  private static void assertOffers(String path, String target) throws IOException {
    Browser.Answer page = visit(path);
    assertThat(page.status()).as(path).isEqualTo(200);
    assertThat(page.page().select("#ostiary-script")).as(path).hasSize(1);
    assertThat(page.page().selectFirst("#ostiary-script").attr("data-href"))
        .isEqualTo(
            host.context
                + Installed.SIGN_ON
                + target.replace("CTX", "%2F" + host.context.substring(1)));
    assertThat(page.page().selectFirst("#ostiary-script").attr("data-name"))
        .isEqualTo("Contoso <&> \u00fc");
    assertThat(page.page().selectFirst("#ostiary-sign-in-link a").text())
        .isEqualTo("Contoso <&> \u00fc");
  }

  @Test
  void is_on_the_login_page_with_the_page_that_is_wanted() throws IOException {
    String login = host.product.equals("jira") ? "/login.jsp" : "/login.action";
    assertOffers(login, "");
    assertOffers(
        login + "?os_destination=%2Fpages%2Fviewpage.action%3FpageId%3D1%26focusedCommentId%3D2",
        "?target=CTX%2Fpages%2Fviewpage.action%3FpageId%3D1%26focusedCommentId%3D2");
    assertOffers(login + "?os_destination=https%3A%2F%2Fevil.example", "");
    assertOffers(login + ";x=1", "");
  }

  @Test
  void is_on_the_page_that_comes_back_after_a_wrong_password() throws IOException {
    assumeTrue(!profile.equals("jira-10") && !profile.equals("confluence-9"), "no form to post");
    String post = host.product.equals("jira") ? "/login.jsp" : "/dologin.action";
    Browser.Answer again =
        host.browser()
            .post(host.context + post, Map.of("os_username", "admin", "os_password", "wrong"));
    assertThat(again.body()).contains("ostiary-script");
  }

  @Test
  void is_on_the_dashboard_of_jira() throws IOException {
    assumeTrue(host.product.equals("jira"), "Confluence has none");
    assertOffers("/secure/Dashboard.jspa", "?target=CTX%2Fsecure%2FDashboard.jspa");
  }

  @Test
  void is_on_the_portal() throws IOException {
    assumeTrue(hasPortal(), "no portal");
    assertOffers(
        "/servicedesk/customer/user/login?destination=portal%2F2",
        "?target=CTX%2Fservicedesk%2Fcustomer%2Fportal%2F2");
  }

  @Test
  void lets_a_customer_without_licence_in_on_the_way_to_the_portal_only() throws IOException {
    assumeTrue(hasPortal(), "no portal");
    host.change("users", Map.of("name", CUSTOMER, "licensed", "false", "customer", "true"));
    Browser.Answer portal =
        host.signIn(
            host.browser(), "a.adams", "?target=%2Fjira%2Fservicedesk%2Fcustomer%2Fportals");
    assertThat(portal.location())
        .as(portal.toString())
        .isEqualTo("/jira/servicedesk/customer/portals");
    Browser.Answer elsewhere =
        host.signIn(host.browser(), "a.adams", "?target=%2Fjira%2Fsecure%2FDashboard.jspa");
    assertThat(elsewhere.status()).isEqualTo(403);
    assertThat(elsewhere.code()).isEqualTo("user-not-permitted");
  }

  @Test
  void signs_a_customer_out_of_the_portal_and_of_the_identity_provider() throws IOException {
    assumeTrue(hasPortal(), "no portal");
    Browser browser = host.browser();
    host.signIn(browser, "b.simon", "?target=%2Fjira%2Fservicedesk%2Fcustomer%2Fportals");
    Browser.Answer out = browser.get(host.context + "/servicedesk/customer/user/logout");
    assertThat(out.location()).as(out.toString()).startsWith("http://127.0.0.1:");
  }

  @Test
  void is_on_no_other_page_and_not_for_whom_is_signed_in() throws IOException {
    Browser browser = host.browser();
    host.signIn(browser, "b.simon", "");
    String login = host.product.equals("jira") ? "/login.jsp" : "/login.action";
    for (String path : List.of("/", "/secure/Dashboard.jspa", login)) {
      assertThat(browser.get(host.context + path).body()).as(path).doesNotContain("ostiary");
    }
    assertThat(visit("/").body()).doesNotContain("ostiary");
    assertThat(visit("/rest/api/2/myself").body()).doesNotContain("ostiary");
  }

  @Test
  void tells_everybody_what_stands_on_it_and_no_more() throws IOException {
    Browser.Answer fields = visit("/plugins/servlet/saml/getLoginButtonConfFields");
    assertThat(fields.status()).isEqualTo(200);
    assertThat(fields.header("content-type")).startsWith("application/json");
    assertThat(fields.body())
        .contains("\"name\":", "\"description\":\"With MFA\"")
        .hasSizeLessThan(120);
  }
}
