package io.ostiary.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.ostiary.web.BodyRules;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyRulesTest {

  private static final int MAX = 1000;

  @Test
  void takes_an_urlencoded_form_within_the_limit() {
    assertThat(problem("application/x-www-form-urlencoded", MAX, null)).isNull();
    assertThat(
            problem(
                "Application/X-WWW-Form-URLencoded ; charset=UTF-8",
                10,
                "tab=1&state=SAMLResponse"))
        .isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "multipart/form-data; boundary=x",
        "text/plain",
        "application/json",
        "application/x-www-form-urlencodedx",
        ""
      })
  void refuses_another_media_type(String type) {
    assertThat(problem(type, 10, null)).isEqualTo("not-urlencoded");
  }

  @Test
  void refuses_a_body_without_a_type() {
    assertThat(problem(null, 10, null)).isEqualTo("not-urlencoded");
  }

  @Test
  void refuses_a_body_that_says_it_is_too_large() {
    assertThat(problem("application/x-www-form-urlencoded", MAX + 1, null)).isEqualTo("too-large");
  }

  @Test
  void refuses_parameters_that_turn_out_too_large() {
    assertThat(BodyRules.problemAfter(Map.of("SAMLResponse", new String[] {"x".repeat(MAX)}), MAX))
        .isEqualTo("too-large");
    assertThat(
            BodyRules.problemAfter(
                Map.of("a", new String[] {"x".repeat(600)}, "b", new String[] {"x".repeat(600)}),
                MAX))
        .isEqualTo("too-large");
    assertThat(BodyRules.problemAfter(Map.of("SAMLResponse", new String[] {"x".repeat(500)}), MAX))
        .isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SAMLResponse=x",
        "a=b&RelayState",
        "a=b;SAMLRequest=",
        "SAML%52esponse=x",
        "%53%41MLResponse=1"
      })
  void refuses_a_saml_field_in_the_query(String query) {
    assertThat(problem("application/x-www-form-urlencoded", 10, query)).isEqualTo("in-query");
  }

  @Test
  void bears_a_broken_escape_in_the_query() {
    assertThat(problem("application/x-www-form-urlencoded", 10, "%zz=1&%=2")).isNull();
  }

  private static String problem(String type, int length, String query) {
    Map<String, Object> answers = new HashMap<>();
    answers.put("getContentType", type);
    answers.put("getContentLength", length);
    answers.put("getQueryString", query);
    return BodyRules.problemBefore(Fakes.request(answers), MAX);
  }
}
