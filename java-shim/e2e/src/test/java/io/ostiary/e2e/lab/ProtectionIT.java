package io.ostiary.e2e.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a stranger gets to see. Nobody signs in here, and there is no identity provider. */
@ParameterizedClass
@EnumSource(Container.class)
record ProtectionIT(Container container) {

  private static final String NOBODY = "http://127.0.0.1:9/metadata";
  private static final String PAGE = "Accept: text/html";

  private static Lab lab;

  @BeforeParameterizedClassInvocation
  static void start(Container container) throws IOException {
    lab = new Lab(container, "", Configs.of("", NOBODY));
  }

  @AfterParameterizedClassInvocation
  static void stop() throws IOException {
    lab.close();
  }

  @Test
  void no_spelling_of_a_protected_path_returns_its_body() throws IOException {
    List<String> leaks = new ArrayList<>();
    List<String> spellings = Spellings.ofSecretPage(lab.port());
    assertThat(spellings).hasSizeGreaterThanOrEqualTo(40).doesNotHaveDuplicates();
    for (String target : spellings) {
      for (String method : List.of("GET", "HEAD", "POST", "PUT", "OPTIONS", "get", "X")) {
        Http.Answer answer = lab.raw(method, target, PAGE, "Content-Length: 0");
        if (answer.isSecret() || answer.status() == 200 && method.equals("HEAD")) {
          leaks.add(method + " " + target);
        }
      }
    }
    assertThat(leaks).isEmpty();
  }

  /**
   * The same spellings on a page without protection: many do reach the servlet, so the test above
   * is about something.
   */
  @Test
  void the_spellings_reach_the_page_where_nothing_is_protected() throws IOException {
    int reached = 0;
    try (Lab open = new Lab(container, "", Configs.of("", NOBODY, false))) {
      for (String target : Spellings.ofSecretPage(open.port())) {
        reached += open.raw("GET", target, PAGE).isSecret() ? 1 : 0;
      }
    }
    System.out.println(container + ": " + reached + " spellings reach an unprotected page");
    assertThat(reached).isGreaterThanOrEqualTo(15);
  }

  @Test
  void no_header_opens_a_protected_path() throws IOException {
    for (String header :
        List.of(
            "X-Original-URL: /public/who",
            "X-Rewrite-URL: /public/who",
            "X-Forwarded-Prefix: /public",
            "X-HTTP-Method-Override: OPTIONS",
            "X-Forwarded-User: admin",
            "Remote-User: admin",
            "Authorization: Basic YWRtaW46YWRtaW4=",
            "Cookie: JSESSIONID=0123456789ABCDEF0123456789ABCDEF")) {
      assertThat(lab.get("/secret/page", PAGE, header).isSecret()).as(header).isFalse();
    }
  }

  @Test
  void static_files_are_protected() throws IOException {
    assertThat(lab.get("/static.html", PAGE).isSecret()).isFalse();
    assertThat(lab.get("/static.html;x", PAGE).isSecret()).isFalse();
    assertThat(lab.get("/public/../static.html", PAGE).isSecret()).isFalse();
  }

  @Test
  void an_open_path_is_open() throws IOException {
    for (String path :
        List.of("/public/who", "/public/who?x=1", "/public/%77ho", "/public/who;jsessionid=0A1B")) {
      Http.Answer answer = lab.get(path, PAGE);
      assertThat(answer.status()).as(path).isEqualTo(200);
      assertThat(answer.fact("user")).isEqualTo("null");
    }
  }

  @Test
  void a_forward_to_a_protected_path_is_stopped_and_comes_back_to_where_it_began()
      throws IOException {
    for (String to :
        List.of("/secret/page", "/secret/x/../page", "/static.html", "/public/../secret/page")) {
      Http.Answer answer = lab.get("/public/forward?to=" + to, PAGE);
      assertThat(answer.isSecret()).as(to).isFalse();
      assertThat(answer.status()).isEqualTo(303);
      assertThat(answer.header("location")).contains("target=%2Fpublic%2Fforward%3Fto%3D");
    }
    assertThat(lab.get("/public/forward?to=/public/who", PAGE).isSecret()).isTrue();
  }

  @Test
  void an_async_dispatch_to_a_protected_path_is_stopped_and_comes_back_to_where_it_began()
      throws IOException {
    for (String to : List.of("/secret/page", "/static.html", "/public/../secret/page")) {
      Http.Answer answer = lab.get("/public/async?to=" + to, PAGE);
      assertThat(answer.isSecret()).as(to).isFalse();
      assertThat(answer.status()).isEqualTo(303);
      assertThat(answer.header("location")).contains("target=%2Fpublic%2Fasync%3Fto%3D");
    }
    assertThat(lab.get("/public/async?to=/public/who", PAGE).isSecret()).isTrue();
  }

  @Test
  void a_page_visit_is_sent_to_the_sign_on_url_with_its_address() throws IOException {
    Http.Answer answer = lab.get("/secret/a%20b?x=%C3%BC&y=1", PAGE);
    assertThat(answer.status()).isEqualTo(303);
    assertThat(answer.header("location"))
        .isEqualTo(
            "http://localhost:"
                + lab.port()
                + Lab.SIGN_ON
                + "?target=%2Fsecret%2Fa%2520b%3Fx%3D%25C3%25BC%26y%3D1");
    assertThat(answer.header("cache-control")).isEqualTo("no-store");
    assertThat(answer.all("set-cookie")).isEmpty();
  }

  @Test
  void a_script_gets_401() throws IOException {
    assertThat(lab.get("/secret/page", "Accept: */*").status()).isEqualTo(401);
    assertThat(lab.get("/secret/page", PAGE, "X-Requested-With: XMLHttpRequest").status())
        .isEqualTo(401);
    assertThat(lab.get("/secret/page", PAGE, "Sec-Fetch-Mode: cors").status()).isEqualTo(401);
    assertThat(lab.post("/secret/page", "application/json", "{}", PAGE).status()).isEqualTo(401);
  }

  @Test
  void starts_no_session_for_a_stranger() throws IOException {
    assertThat(lab.get("/secret/page", PAGE).all("set-cookie")).isEmpty();
    assertThat(lab.get("/public/who", PAGE).fact("session")).isEqualTo("null");
  }

  @Test
  void an_error_page_of_an_open_page_is_shown() throws IOException {
    assertThat(lab.get("/public/fail", PAGE).status()).isEqualTo(418);
  }
}
