package io.ostiary.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.ostiary.web.RequestFacts;
import java.util.HashMap;
import java.util.Map;
import javax.servlet.DispatcherType;
import javax.servlet.http.HttpServletRequest;
import org.junit.jupiter.api.Test;

class RequestFactsTest {

  @Test
  void joins_servlet_path_and_path_info() {
    assertThat(RequestFacts.path(request("/app", "/a/b", Map.of()))).isEqualTo("/servlet/info");
  }

  @Test
  void names_the_url_without_the_session_id() {
    HttpServletRequest request = request("/app/x;jsessionid=1A", "q=1", Map.of());
    assertThat(AskedFor.url(request)).isEqualTo("https://app.example.com/app/x");
    assertThat(AskedFor.query(request)).isEqualTo("q=1");
  }

  @Test
  void names_what_the_browser_asked_for_where_the_application_forwards() {
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("javax.servlet.forward.request_uri", "/app/asked");
    attributes.put("javax.servlet.forward.query_string", "tab=2");
    HttpServletRequest request = request("/app/secret", "tab=2&inner=1", attributes);
    assertThat(AskedFor.url(request)).isEqualTo("https://app.example.com/app/asked");
    assertThat(AskedFor.query(request)).isEqualTo("tab=2");
  }

  @Test
  void hands_octets_over_as_latin_1() {
    assertThat(RequestFacts.latin1(null)).isNull();
    assertThat(RequestFacts.latin1("a=%C3%BC&b=\u00e9")).isEqualTo("a=%C3%BC&b=\u00e9");
    assertThat(RequestFacts.latin1("a=\u20ac")).isEqualTo("a=\u00e2\u0082\u00ac");
  }

  private static HttpServletRequest request(String uri, String query, Map<String, ?> attributes) {
    Map<String, Object> answers = new HashMap<>();
    answers.put("getServletPath", "/servlet");
    answers.put("getPathInfo", "/info");
    answers.put("getRequestURI", uri);
    answers.put("getRequestURL", new StringBuffer("https://app.example.com" + uri));
    answers.put("getQueryString", query);
    answers.put(
        "getDispatcherType",
        attributes.isEmpty() ? DispatcherType.REQUEST : DispatcherType.FORWARD);
    return Fakes.request(answers, attributes);
  }
}
