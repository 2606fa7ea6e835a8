package io.ostiary.standin;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The host's own sign-in and sign-out, through every door. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SignInTest {

  private static final String SIMON = "b.simon@contoso.example";

  private Hosts hosts;
  private StandIn oldest;
  private StandIn jira9;
  private StandIn jira11;
  private StandIn confluence8;

  @BeforeAll
  void start() throws IOException {
    hosts = new Hosts();
    oldest = hosts.start("jira-5.2");
    jira9 = hosts.start("jira-9", "--context", "/");
    jira11 = hosts.start("jira-11");
    confluence8 = hosts.start("confluence-8");
  }

  @AfterAll
  void stop() throws IOException {
    hosts.close();
  }

  @Test
  void a_password_signs_in_once_and_renews_the_session() throws Exception {
    Visitor visitor = new Visitor(confluence8);
    visitor.get("/login.action");
    String before = visitor.cookie("JSESSIONID");
    long count = count(visitor, SIMON);

    HttpResponse<String> answer =
        visitor.signIn(SIMON, "os_destination", "/pages/viewpage.action?pageId=1&a=b");

    assertThat(Visitor.location(answer)).endsWith("/wiki/pages/viewpage.action?pageId=1&a=b");
    assertThat(visitor.cookie("JSESSIONID")).isNotEqualTo(before);
    assertThat(count(visitor, SIMON)).isEqualTo(count + 1);
    assertThat(visitor.ask("sessions").toString())
        .contains("com.atlassian.confluence.user.ConfluenceUserPrincipal");
    assertThat(visitor.get("/rest/api/user/current").body()).contains(SIMON);
  }

  @Test
  void confluence_publishes_the_event_of_a_sign_in_itself() throws Exception {
    Visitor visitor = new Visitor(confluence8);
    visitor.json("DELETE", "/standin/events", "");

    visitor.signIn("a.adams@contoso.example");

    assertThat(visitor.ask("events").getAsJsonArray()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "n.nolicence@contoso.example",
        "i.inactive@contoso.example",
        "c.customer@contoso.example",
        "B.Simon@contoso.example",
        "nobody@contoso.example"
      })
  void does_not_let_in_who_may_not(String name) throws Exception {
    Visitor visitor = new Visitor(jira9);

    assertThat(visitor.signIn(name).statusCode()).isEqualTo(200);
    assertThat(visitor.get("/rest/api/2/myself").statusCode()).isEqualTo(401);
  }

  @Test
  void lets_a_customer_in_by_the_portal_alone() throws Exception {
    Visitor visitor = new Visitor(jira9);
    String[] fields = {"os_username", "c.customer@contoso.example", "os_password", "sesame"};

    HttpResponse<String> answer = visitor.post("/servicedesk/customer/user/login", fields);

    assertThat(answer.body()).contains("\"loginSucceeded\": true");
    assertThat(visitor.get("/servicedesk/customer/portals").body()).contains("c.customer");
    assertThat(Visitor.location(visitor.get("/browse/X-1"))).contains("/login.jsp");
    assertThat(Visitor.location(visitor.get("/servicedesk/customer/user/logout")))
        .endsWith("/servicedesk/customer/user/login?destination=portals");
    assertThat(visitor.get("/servicedesk/customer/portals").statusCode()).isEqualTo(302);
  }

  @Test
  void remember_me_signs_back_in_until_it_is_taken_away() throws Exception {
    Visitor visitor = new Visitor(jira9);
    visitor.signIn(SIMON, "os_cookie", "true");
    visitor.drop("JSESSIONID");
    assertThat(visitor.get("/rest/api/2/myself").body()).contains(SIMON);

    String token = visitor.cookie("atlassian.xsrf.token");
    if (token == null) {
      visitor.get("/logoutconfirm.jsp");
      token = visitor.cookie("atlassian.xsrf.token");
    }
    assertThat(Visitor.location(visitor.get("/secure/Logout.jspa"))).endsWith("/logoutconfirm.jsp");
    assertThat(visitor.get("/secure/Logout.jspa?atl_token=" + token).body()).contains("login-link");
    visitor.drop("JSESSIONID");
    assertThat(visitor.get("/rest/api/2/myself").statusCode()).isEqualTo(401);
  }

  @Test
  void a_password_in_any_url_signs_in() throws Exception {
    Visitor visitor = new Visitor(jira11);

    visitor.get("/status?os_username=" + SIMON + "&os_password=sesame");

    assertThat(visitor.get("/rest/api/2/myself").body()).contains(SIMON);
  }

  @Test
  void json_doors_sign_in() throws Exception {
    String body =
        "{\"username\":\"" + SIMON + "\",\"password\":\"sesame\",\"targetUrl\":\"/browse/X-1\"}";
    assertThat(new Visitor(jira9).json("POST", "/rest/auth/1/session", body).statusCode())
        .isEqualTo(200);
    assertThat(new Visitor(jira11).json("POST", "/rest/auth/1/session", body).statusCode())
        .isEqualTo(403);
    assertThat(new Visitor(jira11).json("POST", "/rest/tsv/1.0/authenticate", body).body())
        .contains("/jira/browse/X-1");
    assertThat(
            new Visitor(jira9)
                .post("/rest/gadget/1.0/login", "os_username", SIMON, "os_password", "sesame")
                .body())
        .contains("\"loginSucceeded\": true");
  }

  @Test
  void basic_makes_a_session_but_not_in_jira_11() throws Exception {
    String basic =
        "Basic "
            + java.util.Base64.getEncoder()
                .encodeToString(
                    (SIMON + ":sesame").getBytes(java.nio.charset.StandardCharsets.UTF_8));
    Visitor visitor = new Visitor(jira9);
    assertThat(visitor.get("/rest/api/2/myself", "Authorization", basic).statusCode())
        .isEqualTo(200);
    assertThat(visitor.get("/browse/X-1").statusCode()).isEqualTo(200);
    assertThat(new Visitor(jira11).get("/rest/api/2/myself", "Authorization", basic).statusCode())
        .isEqualTo(401);
  }

  @Test
  void bearer_tokens_make_no_session_and_are_unknown_to_the_oldest() throws Exception {
    String token = "Bearer pat-" + SIMON;
    Visitor visitor = new Visitor(jira11);
    assertThat(visitor.get("/rest/api/2/myself", "Authorization", token).body()).contains(SIMON);
    assertThat(visitor.get("/rest/api/2/myself").statusCode()).isEqualTo(401);
    assertThat(visitor.get("/rest/api/2/myself", "Authorization", "Bearer wrong").statusCode())
        .isEqualTo(401);
    assertThat(new Visitor(oldest).get("/rest/api/2/myself", "Authorization", token).statusCode())
        .isEqualTo(401);
  }

  @ParameterizedTest
  @CsvSource({
    "jira-5.2, /browse/X-1?a=b, /jira/login.jsp?permissionViolation=true&os_destination=%2Fbrowse%2FX-1%3Fa%3Db",
    "jira-11, /browse/X-1?a=b, /jira/login.jsp?permissionViolation=true&os_destination=%2Fbrowse%2FX-1%3Fa%3Db&page_caps=&user_role=",
    "jira-11, /secure/admin/ViewLogging.jspa, /jira/login.jsp?permissionViolation=true&os_destination=%2Fsecure%2Fadmin%2FViewLogging.jspa&page_caps=&user_role=ADMIN",
    "confluence-8, /pages/viewpage.action?pageId=1&b=2, /wiki/login.action?os_destination=%2Fpages%2Fviewpage.action%3FpageId%3D1%26b%3D2"
  })
  void sends_strangers_to_the_login_page(String profile, String path, String login)
      throws Exception {
    StandIn host =
        profile.equals("jira-5.2") ? oldest : profile.equals("jira-11") ? jira11 : confluence8;

    assertThat(Visitor.location(new Visitor(host).get(path))).endsWith(login);
  }

  @Test
  void sends_who_lacks_rights_to_the_login_page_too() throws Exception {
    Visitor visitor = new Visitor(jira11);
    visitor.signIn(SIMON);

    assertThat(Visitor.location(visitor.get("/secure/admin/ViewLogging.jspa")))
        .contains("user_role=ADMIN");
  }

  @Test
  void marks_the_log() throws Exception {
    Visitor admin = new Visitor(jira9);
    admin.signIn("admin");
    admin.get("/secure/admin/ViewLogging.jspa");
    String token = admin.cookie("atlassian.xsrf.token");

    admin.post(
        "/secure/admin/ViewLogging!markLogs.jspa",
        "markMessage",
        "here we are",
        "atl_token",
        token);

    assertThat(admin.ask("log").toString()).contains("********** here we are");
  }

  @Test
  void newer_hosts_forbid_foreign_frames() throws Exception {
    assertThat(new Visitor(jira11).get("/login.jsp").headers().firstValue("X-Frame-Options"))
        .contains("SAMEORIGIN");
    assertThat(new Visitor(oldest).get("/login.jsp").headers().firstValue("X-Frame-Options"))
        .isEmpty();
  }

  private static long count(Visitor visitor, String name) throws Exception {
    for (JsonElement user : visitor.ask("users").getAsJsonArray()) {
      JsonObject object = user.getAsJsonObject();
      if (object.get("name").getAsString().equals(name)) {
        return object.get("loginCount").getAsLong();
      }
    }
    throw new IllegalStateException(name);
  }
}
