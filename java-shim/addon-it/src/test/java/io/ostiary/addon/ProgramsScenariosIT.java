package io.ostiary.addon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Programs that talk to the host, and pages that are not for signing in: with the add-on configured
 * they get what they got without it.
 */
@ParameterizedClass
@MethodSource("io.ostiary.addon.Profiles#all")
record ProgramsScenariosIT(String profile) {

  private static final String SIMON = "b.simon@contoso.example";
  private static final String OAUTH = "OAuth oauth_token=\"user-" + SIMON + "\"";
  private static final Map<String, String> NOTHING = Map.of();

  private static Installed host;
  private static Map<String, String> before;

  /** One request of a program, and with which status it is answered. */
  private record Request(
      String who, String method, String path, Map<String, String> headers, int status) {}

  @BeforeParameterizedClassInvocation
  static void start(String profile) throws IOException {
    host = new Installed(profile);
    before = answers();
    assertThat(host.install().status()).isEqualTo(202);
    assertThat(host.configure(Map.of()).location()).endsWith("/configure?saved");
  }

  @AfterParameterizedClassInvocation
  static void stop() throws IOException {
    try {
      assertThat(host.told("violations").body().trim()).isEqualTo("[]");
    } finally {
      host.close();
    }
  }

  private static String myself() {
    return host.product.equals("jira") ? "/rest/api/2/myself" : "/rest/api/user/current";
  }

  private static Browser.Answer ask(Request request) throws IOException {
    Browser browser = host.browser();
    request.headers.forEach(browser::with);
    return browser.send(request.method, host.context + request.path, null, null, false);
  }

  private static Browser.Answer myself(String authorization) throws IOException {
    return host.browser().with("Authorization", authorization).get(host.context + myself());
  }

  private static List<Request> requests() {
    boolean jira = host.product.equals("jira");
    String protectedPage = jira ? "/browse/X-1" : "/pages/viewpage.action?pageId=1";
    return List.of(
        new Request("monitoring", "GET", "/status", NOTHING, 200),
        new Request("application link", "GET", "/rest/applinks/1.0/manifest", NOTHING, 200),
        new Request("application link", "GET", "/plugins/servlet/applinks/whoami", NOTHING, 200),
        new Request("application link", "POST", "/plugins/servlet/oauth/token", NOTHING, 401),
        new Request("application link", "GET", myself(), Map.of("Authorization", OAUTH), 200),
        new Request(
            "trusted application",
            "GET",
            myself(),
            Map.of("X-Seraph-Trusted-App-ID", "wiki", "X-Seraph-Trusted-App-User", SIMON),
            200),
        new Request("gadget", "GET", "/plugins/servlet/gadgets/ifr?url=x", NOTHING, 200),
        new Request(
            "gadget",
            "GET",
            "/plugins/servlet/gadgets/makeRequest?url=x",
            Map.of("X-Requested-With", "XMLHttpRequest"),
            200),
        new Request(
            "issue collector",
            "GET",
            "/rest/collectors/1.0/template/form/1",
            Map.of("Origin", "https://shop.example", "Sec-Fetch-Site", "cross-site"),
            200),
        new Request(
            "issue collector", "POST", "/rest/collectors/1.0/template/form/1", NOTHING, 200),
        new Request(
            "webhook",
            "POST",
            "/rest/webhooks/1.0/push",
            Map.of("User-Agent", "GitHub-Hookshot"),
            200),
        new Request("Bamboo", "GET", myself(), agent("Bamboo-9.6 agent", OAUTH), 200),
        new Request("Bitbucket", "GET", myself(), agent("Bitbucket-8.19", OAUTH), 200),
        new Request("Bamboo", "GET", protectedPage, Map.of("User-Agent", "Bamboo-9.6 agent"), 302),
        new Request(
            "script", "GET", protectedPage, Map.of("X-Requested-With", "XMLHttpRequest"), 302),
        new Request("script", "HEAD", "/", Map.of("User-Agent", "curl/8"), 302),
        new Request("script", "GET", "/download/attachments/1/a.txt", NOTHING, 200));
  }

  private static Map<String, String> agent(String name, String authorization) {
    return Map.of("User-Agent", name, "Authorization", authorization);
  }

  private static Map<String, String> answers() throws IOException {
    Map<String, String> answers = new LinkedHashMap<>();
    for (Request request : requests()) {
      answers.put(request.toString(), Snapshot.told(ask(request)));
    }
    answers.put("project settings", projectSettings());
    return answers;
  }

  private static String projectSettings() throws IOException {
    return Snapshot.told(
        host.withPassword(SIMON).get(host.context + "/plugins/servlet/project-config/X/summary"));
  }

  private static void assertIsJson(Browser.Answer answer, int status) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
    assertThat(answer.location()).isNull();
    assertThat(answer.header("content-type")).startsWith("application/json");
    assertThat(answer.body()).startsWith("{").doesNotContain("<");
  }

  @Test
  void s18_a_program_with_a_password_gets_json() throws IOException {
    Browser.Answer answer = host.withPassword(SIMON).get(host.context + myself());
    assertIsJson(answer, 200);
    assertThat(answer.body()).contains(SIMON);
  }

  @Test
  void s18_a_program_with_a_personal_access_token_gets_json() throws IOException {
    assumeTrue(hasTokens(), "the oldest hosts have no personal access tokens");
    Browser.Answer answer = myself("Bearer pat-" + SIMON);
    assertIsJson(answer, 200);
    assertThat(answer.body()).contains(SIMON);
  }

  @Test
  void s19_a_program_with_a_wrong_token_or_password_gets_401_and_json() throws IOException {
    if (hasTokens()) {
      assertIsJson(myself("Bearer wrong"), 401);
    }
    assertIsJson(myself("Basic d3Jvbmc6d3Jvbmc="), 401);
    assertIsJson(host.browser().get(host.context + myself()), 401);
  }

  private boolean hasTokens() {
    return !profile.equals("jira-5.2") && !profile.equals("confluence-5");
  }

  @Test
  void s20_applications_gadgets_collectors_webhooks_and_agents_notice_nothing() throws IOException {
    for (Request request : requests()) {
      Browser.Answer answer = ask(request);
      assertThat(answer.status()).as(request.toString()).isEqualTo(request.status);
      assertThat(Snapshot.told(answer))
          .as(request.toString())
          .isEqualTo(before.get(request.toString()))
          .doesNotContain("ostiary");
    }
  }

  @Test
  void leaves_the_project_settings_page_as_it_was() throws IOException {
    assumeTrue(host.product.equals("jira"), "Confluence has none");
    assertThat(projectSettings())
        .isEqualTo(before.get("project settings"))
        .startsWith("200")
        .contains("project-config-form");
  }

  @Test
  void marks_the_log_while_the_add_on_is_enabled() throws IOException {
    String page =
        host.product.equals("jira") ? "/secure/admin/ViewLogging.jspa" : "/admin/viewlog4j.action";
    Browser admin = host.admin();
    Browser.Answer form = admin.get(host.context + page);
    Map<String, String> fields = form.fields("#mark-log-form");
    fields.put("markMessage", "before the upgrade");
    Browser.Answer marked =
        admin.post(form.page().selectFirst("#mark-log-form").attr("abs:action"), fields);
    assertThat(marked.status()).as(marked.toString()).isEqualTo(302);
    assertThat(marked.location()).endsWith(page);
    assertThat(host.told("log").body()).contains("********** before the upgrade");
  }
}
