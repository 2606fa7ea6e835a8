package io.ostiary.e2e.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Which bodies are read at the sign-on URL. */
@ParameterizedClass
@EnumSource(Container.class)
record FormIT(Container container) {

  private static final String FORM = "application/x-www-form-urlencoded";
  private static final int LIMIT = 512 * 1024;

  private static Lab lab;

  @BeforeParameterizedClassInvocation
  static void start(Container container) throws IOException {
    lab = new Lab(container, "", Configs.of("", "http://127.0.0.1:9/metadata"));
  }

  @AfterParameterizedClassInvocation
  static void stop() throws IOException {
    lab.close();
  }

  @Test
  void refuses_another_media_type() throws IOException {
    assertInvalid(
        lab.post(Lab.SIGN_ON, "multipart/form-data; boundary=x", "--x--"), "no urlencoded form");
    assertInvalid(lab.post(Lab.SIGN_ON, "text/plain", "SAMLResponse=x"), "no urlencoded form");
    assertInvalid(lab.post(Lab.SIGN_ON, "application/json", "{}"), "no urlencoded form");
  }

  @Test
  void refuses_a_body_that_is_too_large() throws IOException {
    String large = "SAMLResponse=" + "A".repeat(LIMIT);
    for (Http.Answer answer :
        List.of(lab.post(Lab.SIGN_ON, FORM, large), lab.postInChunks(Lab.SIGN_ON, FORM, large))) {
      assertThat(answer.status()).isEqualTo(413);
      assertThat(answer.body()).contains("message-too-large");
    }
  }

  /** More than the container itself reads, so that it refuses or drops the parameters. */
  @Test
  void refuses_a_body_that_is_too_large_for_the_container() throws IOException {
    assertThat(
            lab.postInChunks(Lab.SIGN_ON, FORM, "SAMLResponse=" + "A".repeat(5 * LIMIT)).status())
        .isBetween(400, 413);
  }

  @Test
  void refuses_a_saml_field_in_the_query_of_a_post() throws IOException {
    assertInvalid(lab.post(Lab.SIGN_ON + "?SAMLResponse=x", FORM, "RelayState=y"), "in the query");
    assertInvalid(
        lab.post(Lab.SIGN_ON + "?%53AMLResponse=x", FORM, "SAMLResponse=y"), "in the query");
    assertInvalid(lab.post(Lab.SIGN_ON + "?RelayState=x", FORM, "SAMLResponse=y"), "in the query");
  }

  @Test
  void refuses_a_field_that_is_repeated() throws IOException {
    assertRefused(lab.post(Lab.SIGN_ON, FORM, "SAMLResponse=x&SAMLResponse=y"), "form-invalid");
    assertRefused(
        lab.post(Lab.SIGN_ON, FORM, "SAMLResponse=x&RelayState=a&RelayState=b"),
        "relay-state-invalid");
  }

  @Test
  void refuses_a_form_without_a_response() throws IOException {
    assertRefused(lab.post(Lab.SIGN_ON, FORM, ""), "form-invalid");
    assertRefused(lab.post(Lab.SIGN_ON, FORM, "a=b"), "response-missing");
  }

  /** The page says only the code and a reference; the log says by that reference what is wrong. */
  private static void assertInvalid(Http.Answer answer, String why) throws IOException {
    assertRefused(answer, "form-invalid");
    assertThat(answer.body()).doesNotContain(why);
    assertThat(
            lab.log()
                .lines()
                .filter(line -> line.contains("form-invalid"))
                .reduce("", (before, last) -> last))
        .contains(why);
  }

  private static void assertRefused(Http.Answer answer, String code) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains(code);
  }
}
