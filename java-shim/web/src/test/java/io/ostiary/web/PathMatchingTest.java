package io.ostiary.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathMatchingTest {

  private static final List<String> OWN =
      List.of("/plugins/servlet/saml/auth", "/plugins/servlet/saml/logout");
  private static final Routes ROUTES =
      new Routes(OWN, true, Arrays.asList("/public/*", "/health", "/"), 1000);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/a",
        "/a/",
        "/a/b.css",
        "/a%20b",
        "/caf%C3%A9",
        "/a;jsessionid=0A1b.node-1",
        "/...",
        "/a~b!$&'()*+,=:@"
      })
  void reads_an_ordinary_spelling_as_plain(String uri) {
    assertThat(RawUri.isPlain(uri)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "*",
        "//",
        "//a",
        "/a//b",
        "/a//",
        "/.",
        "/..",
        "/./a",
        "/a/.",
        "/a/..",
        "/a/../b",
        "/a/./b",
        "/a;b",
        "/a;b=c/d",
        "/;/a",
        "/a;jsessionid=1/b",
        "/a;jsessionid=1;x",
        "/a;JSESSIONID=1",
        "/..;jsessionid=1",
        "/a;jsessionid=1?x",
        "/a%2fb",
        "/a%2Fb",
        "/a%5cb",
        "/a%5Cb",
        "/a\\b",
        "/%2e",
        "/%2E%2e/a",
        "/a%2e",
        "/a%25",
        "/a%252fb",
        "/a%3bb",
        "/a%3Bb",
        "/a%00",
        "/a%0a",
        "/a%0D",
        "/a%7f",
        "/a%",
        "/a%2",
        "/a%zz",
        "/a%u002f",
        "/a b",
        "/a\tb",
        "/a\u0000",
        "/a\u007f",
        "/caf\u00e9",
        "/a\uff0fb"
      })
  void reads_an_ambiguous_spelling_as_not_plain(String uri) {
    assertThat(RawUri.isPlain(uri)).isFalse();
  }

  @Test
  void has_no_uri_as_plain() {
    assertThat(RawUri.isPlain(null)).isFalse();
  }

  @Test
  void protects_every_path_but_the_open_ones() {
    assertThat(ROUTES.isProtected("/account", "/account")).isTrue();
    assertThat(ROUTES.isProtected("/public", "/public")).isTrue();
    assertThat(ROUTES.isProtected("/publicity", "/publicity")).isTrue();
    assertThat(ROUTES.isProtected("/health/x", "/health/x")).isTrue();
    assertThat(ROUTES.isProtected("/Public/a", "/Public/a")).isTrue();
    assertThat(ROUTES.isProtected("/public/a", "/app/public/a")).isFalse();
    assertThat(ROUTES.isProtected("/public/", "/public/")).isFalse();
    assertThat(ROUTES.isProtected("/health", "/health")).isFalse();
    assertThat(ROUTES.isProtected("/", "/")).isFalse();
  }

  @Test
  void never_takes_an_ambiguous_spelling_for_an_open_path() {
    assertThat(ROUTES.isProtected("/public/a", "/public/x/../a")).isTrue();
    assertThat(ROUTES.isProtected("/public/a", "/public/a;x=1")).isTrue();
    assertThat(ROUTES.isProtected("/public/a", "/public%2fa")).isTrue();
    assertThat(ROUTES.isProtected("/public/a", "/public/a;jsessionid=A1")).isFalse();
  }

  @Test
  void protects_nothing_when_protection_is_off() {
    Routes off = new Routes(OWN, false, List.of(), 1000);
    assertThat(off.isProtected("/account", "/account")).isFalse();
    assertThat(off.isOwn("/plugins/servlet/saml/auth")).isTrue();
  }

  @Test
  void knows_its_own_paths_exactly() {
    assertThat(ROUTES.isOwn("/plugins/servlet/saml/auth")).isTrue();
    assertThat(ROUTES.isOwn("/plugins/servlet/saml/auth/")).isFalse();
    assertThat(ROUTES.isOwn("/plugins/servlet/saml")).isFalse();
  }

  @Test
  void opens_nothing_without_a_configuration() {
    assertThat(Routes.closed().isProtected("/", "/")).isTrue();
    assertThat(Routes.closed().isOwn("/plugins/servlet/saml/auth")).isFalse();
  }
}
