package io.ostiary.standin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What filters and servlets of plug-ins meet, and what is held against them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModulesTest {

  private static final String SAL =
      "com.atlassian.sal.api.user;resolution:=optional,"
          + "com.atlassian.sal.api.pluginsettings;resolution:=optional,"
          + "com.atlassian.annotations.security;resolution:=optional";

  private Hosts hosts;

  @BeforeAll
  void start() {
    hosts = new Hosts();
  }

  @AfterAll
  void stop() throws IOException {
    hosts.close();
  }

  @Test
  void filters_match_the_raw_uri_in_order_of_weight() throws Exception {
    StandIn host = hosts.start("jira-9");
    install(
        host,
        AddOn.forProfile("jira-9")
            .module("Probe", probe("narrow", "/login.jsp", 20, ""))
            .element(probe("wide", "/*", 10, "")));
    Visitor visitor = new Visitor(host);

    assertThat(probes(visitor.get("/login.jsp"))).containsExactly("wide", "narrow");
    assertThat(probes(visitor.get("/login.jsp;x=1"))).containsExactly("wide");
    assertThat(probes(visitor.get("//login.jsp"))).containsExactly("wide");
    assertThat(probes(visitor.get("/login%2Ejsp"))).containsExactly("wide");
  }

  @Test
  void filters_see_nobody_before_login_and_a_wrapper_and_a_body_that_is_read() throws Exception {
    StandIn host = hosts.start("jira-10");
    install(host, AddOn.forProfile("jira-10").module("Probe", probe("early", "/*", 10, "")));
    Visitor user = new Visitor(host);
    user.signIn("b.simon@contoso.example");

    HttpResponse<String> answer = user.post("/secure/Dashboard.jspa", "field", "value");

    assertThat(answer.headers().allValues("X-Probe"))
        .first()
        .asString()
        .endsWith("user=null loader=true wrapped=true field=value");
  }

  @Test
  void asking_who_is_there_before_login_is_answered_null_and_noted() throws Exception {
    StandIn host = hosts.start("confluence-8");
    install(
        host,
        AddOn.forProfile("confluence-8")
            .imports(SAL)
            .module(
                "AsksWhoIsThere",
                "<servlet-filter key='who' class='addon.AsksWhoIsThere' location='before-login'>"
                    + "<url-pattern>/*</url-pattern></servlet-filter>"));
    Visitor user = new Visitor(host);
    user.signIn("b.simon@contoso.example");

    assertThat(user.get("/dashboard.action").headers().firstValue("X-Who")).contains("null");
    assertThat(user.ask("violations").toString()).contains("identity-before-login");
  }

  @Test
  void filters_see_forwards_only_where_they_say_so() throws Exception {
    StandIn host = hosts.start("jira-9");
    install(
        host,
        AddOn.forProfile("jira-9")
            .module("Probe", probe("request", "/*", 10, ""))
            .element(probe("forward", "/*", 20, "<dispatcher>FORWARD</dispatcher>")));

    HttpResponse<String> answer = new Visitor(host).post("/secure/EditIssue.jspa");

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("xsrf-error");
    assertThat(answer.headers().allValues("X-Probe"))
        .satisfiesExactly(
            request -> assertThat(request).startsWith("request /jira/secure/EditIssue.jspa"),
            forward -> assertThat(forward).startsWith("forward /jira/secure/XsrfErrorAction.jspa"));
  }

  @Test
  void what_is_not_annotated_is_refused_to_the_anonymous_on_newer_hosts() throws Exception {
    StandIn newer = hosts.start("confluence-9");
    install(newer, helloes("confluence-9"));
    Visitor nobody = new Visitor(newer);

    assertThat(Visitor.location(nobody.get("/plugins/servlet/hello"))).contains("/login.action");
    assertThat(nobody.get("/plugins/servlet/open").statusCode()).isEqualTo(200);
    assertThat(Visitor.location(nobody.get("/plugins/servlet/admin"))).contains("/login.action");
    assertThat(nobody.get("/login.action").headers().firstValue("X-Plain-Probe")).isEmpty();
    assertThat(nobody.ask("violations").toString()).contains("is not annotated");

    Visitor user = new Visitor(newer);
    user.signIn("b.simon@contoso.example");
    assertThat(user.get("/plugins/servlet/hello").statusCode()).isEqualTo(200);
    assertThat(user.get("/plugins/servlet/admin").statusCode()).isEqualTo(403);

    StandIn older = hosts.start("confluence-8");
    install(older, helloes("confluence-8"));
    Visitor anybody = new Visitor(older);
    assertThat(anybody.get("/plugins/servlet/hello").statusCode()).isEqualTo(200);
    assertThat(anybody.get("/login.action").headers().firstValue("X-Plain-Probe")).contains("ran");
  }

  @Test
  void a_call_outside_the_profile_fails_and_is_noted() throws Exception {
    StandIn oldest = hosts.start("jira-5.2");
    install(oldest, AddOn.forProfile("jira-5.2").imports(SAL).servlet("CallsNewSal", "/call"));
    Visitor visitor = new Visitor(oldest);

    assertThat(visitor.get("/plugins/servlet/call").statusCode()).isEqualTo(500);
    assertThat(visitor.ask("violations").toString())
        .contains("outside-the-profile")
        .contains("NoSuchMethodError");

    StandIn later = hosts.start("jira-10");
    install(later, AddOn.forProfile("jira-10").imports(SAL).servlet("CallsNewSal", "/call"));
    assertThat(new Visitor(later).get("/plugins/servlet/call").body()).isEqualTo("key null");
  }

  @Test
  void settings_have_limits_and_are_alike_on_all_nodes(@TempDir Path shared) throws Exception {
    StandIn one = hosts.start("jira-9", "--shared-home", shared.toString(), "--node", "1");
    StandIn two = hosts.start("jira-9", "--shared-home", shared.toString(), "--node", "2");
    install(one, attempts("jira-9"));
    install(two, attempts("jira-9"));
    Visitor first = new Visitor(one);

    assertThat(attempt(first, "what=long-value&length=99000")).isEqualTo("99000");
    assertThat(attempt(first, "what=long-value&length=99001")).startsWith("refused");
    assertThat(attempt(first, "what=long-key")).startsWith("refused");
    assertThat(first.ask("violations").getAsJsonArray()).hasSize(2);

    assertThat(attempt(first, "what=put&value=once")).isEqualTo("ok");
    assertThat(attempt(new Visitor(two), "what=get")).isEqualTo("once");
  }

  @Test
  void an_object_of_the_plug_in_in_the_session_is_noted() throws Exception {
    StandIn host = hosts.start("confluence-10");
    install(host, attempts("confluence-10"));
    Visitor visitor = new Visitor(host);

    attempt(visitor, "what=own-class-in-session");

    assertThat(visitor.ask("violations").toString()).contains("own is a addon.Attempts$Own");
  }

  @Test
  void product_classes_are_found_by_the_hosts_loader_alone_and_only_the_products_own()
      throws Exception {
    StandIn host = hosts.start("confluence-8");
    install(host, attempts("confluence-8"));
    Visitor visitor = new Visitor(host);
    String authenticator = "com.atlassian.confluence.user.ConfluenceAuthenticator";

    assertThat(attempt(visitor, "what=class-of-bundle&name=" + authenticator))
        .startsWith("no class");
    assertThat(attempt(visitor, "what=class-of-bundle&name=javax.net.ssl.SSLContext"))
        .startsWith("no class");
    assertThat(attempt(visitor, "what=class-of-host&name=" + authenticator))
        .isEqualTo(authenticator);
    assertThat(
            attempt(
                visitor, "what=class-of-host&name=com.atlassian.jira.component.ComponentAccessor"))
        .startsWith("no class");
  }

  @Test
  void an_action_of_a_plug_in_answers_405_since_jira_9() throws Exception {
    String action =
        "<webwork1 key='config'><actions><action name='addon.Config' alias='SamlConfig'/></actions>"
            + "</webwork1>";
    StandIn jira9 = hosts.start("jira-9");
    install(jira9, AddOn.forProfile("jira-9").element(action));
    StandIn oldest = hosts.start("jira-5.2");
    install(oldest, AddOn.forProfile("jira-5.2").element(action));

    assertThat(admin(jira9).get("/secure/admin/SamlConfig!default.jspa").statusCode())
        .isEqualTo(405);
    assertThat(admin(oldest).get("/secure/admin/SamlConfig!default.jspa").statusCode())
        .isEqualTo(200);
  }

  @Test
  void resources_are_loaded_in_their_contexts_and_served() throws Exception {
    StandIn host = hosts.start("jira-9");
    install(
        host,
        AddOn.forProfile("jira-9")
            .file("js/button.js", "'button';")
            .element(
                "<web-resource key='button'><context>atl.general</context>"
                    + "<resource type='download' name='button.js' location='js/button.js'/>"
                    + "</web-resource>"));
    Visitor visitor = new Visitor(host);
    String url = "/download/resources/test.addon:button/button.js";

    assertThat(visitor.get("/login.jsp").body()).contains("src=\"/jira" + url + "\"");
    assertThat(visitor.get("/servicedesk/customer/user/login").body()).doesNotContain(url);
    assertThat(visitor.get(url).body()).isEqualTo("'button';");
    assertThat(
            visitor
                .get("/download/resources/test.addon:button/../../atlassian-plugin.xml")
                .statusCode())
        .isNotEqualTo(200);
    visitor.flip("login", "two-step");
    assertThat(visitor.get("/login.jsp").body()).doesNotContain(url);
  }

  private static AddOn helloes(String profile) {
    return AddOn.forProfile(profile)
        .servlet("Hello", "/hello")
        .servlet("OpenHello", "/open")
        .servlet("AdminHello", "/admin")
        .module(
            "PlainProbe",
            "<servlet-filter key='plain' class='addon.PlainProbe' location='before-login'>"
                + "<url-pattern>/*</url-pattern></servlet-filter>");
  }

  private static AddOn attempts(String profile) {
    return AddOn.forProfile(profile).imports(SAL).servlet("Attempts", "/attempts");
  }

  private static String attempt(Visitor visitor, String query) throws Exception {
    return visitor.get("/plugins/servlet/attempts?" + query).body();
  }

  private static String probe(String name, String pattern, int weight, String more) {
    return """
        <servlet-filter key='%1$s' class='addon.Probe' location='before-login' weight='%3$d'>\
        <init-param><param-name>name</param-name><param-value>%1$s</param-value></init-param>\
        <url-pattern>%2$s</url-pattern>%4$s</servlet-filter>"""
        .formatted(name, pattern, weight, more);
  }

  private static List<String> probes(HttpResponse<String> response) {
    return response.headers().allValues("X-Probe").stream()
        .map(line -> line.substring(0, line.indexOf(' ')))
        .toList();
  }

  private static void install(StandIn host, AddOn addOn) throws Exception {
    HttpResponse<String> answer = admin(host).upload(addOn.jar(), null);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
  }

  private static Visitor admin(StandIn host) throws Exception {
    Visitor admin = new Visitor(host);
    admin.signIn("admin");
    return admin;
  }
}
