package io.ostiary.addon;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Who comes in, under which name, and who does not. */
@ParameterizedClass
@MethodSource("io.ostiary.addon.Profiles#all")
record UsersScenariosIT(String profile) {

  private static final String SIMON = "b.simon@contoso.example";
  private static final String NAME_CLAIM =
      "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name";
  private static final int THREE_WEEKS = 21 * 24 * 3600;

  private static Installed host;

  @BeforeParameterizedClassInvocation
  static void start(String profile) throws IOException {
    host = new Installed(profile);
    assertThat(host.install().status()).isEqualTo(202);
    assertThat(host.configure(Map.of()).location()).endsWith("?saved");
  }

  @AfterParameterizedClassInvocation
  static void stop() throws IOException {
    try {
      assertThat(host.told("violations").body().trim()).isEqualTo("[]");
    } finally {
      host.close();
    }
  }

  private static Browser.Answer signInAs(String nameId) throws IOException {
    return host.signIn(host.browser(), "b.simon", "", Map.of("name_id", nameId));
  }

  private static void assertComesIn(String nameId, String user) throws IOException {
    Browser.Answer answer = signInAs(nameId);
    assertThat(answer.status()).as(nameId + ": " + answer).isEqualTo(303);
    assertThat(host.hasSession(user)).as(user).isTrue();
  }

  private static void assertRefused(String nameId, String code) throws IOException {
    host.forgetLog();
    Browser.Answer answer = signInAs(nameId);
    assertThat(answer.code()).as(nameId + ": " + answer).isEqualTo(code);
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.page().select("#ostiary-user-id").text()).isEqualTo(nameId);
    assertThat(host.logged("WARNING")).singleElement().asString().contains(code, "user " + nameId);
    assertThat(host.hasSession(nameId)).isFalse();
  }

  @Test
  void s24_refuses_whom_the_host_refuses_each_with_its_own_code() throws IOException {
    host.change("users", Map.of("name", "Mixed.Case@contoso.example"));
    host.change("users", Map.of("name", "kim@contoso.example"));
    String before = host.told("users").body();
    assertRefused("no.account@contoso.example", "user-not-found");
    assertRefused("i.inactive@contoso.example", "user-inactive");
    assertRefused("n.nolicence@contoso.example", "user-not-permitted");
    // Another case than the host's name: only what a host keeps in lower case is found so.
    assertRefused("mixed.case@contoso.example", "user-not-found");
    // The Kelvin sign, which some lower-casing takes for a k.
    assertRefused("\u212aim@contoso.example", "user-not-found");
    assertThat(host.told("users").body()).as("nothing was created or moved").isEqualTo(before);
  }

  @Test
  void s24_finds_a_name_that_the_host_keeps_in_lower_case() throws IOException {
    assertComesIn("B.Simon@Contoso.Example", SIMON);
  }

  @Test
  void s25_signs_a_directory_user_in_who_never_signed_in() throws IOException {
    String user = "d.directory@contoso.example";
    assertThat(account(user).get("loginCount").getAsInt()).isZero();
    assertComesIn(user, user);
    assertThat(account(user).get("loginCount").getAsInt()).isEqualTo(1);
    assertThat(account(user).get("lastLogin").getAsString()).isNotEmpty();
  }

  private static JsonObject account(String name) throws IOException {
    for (JsonElement user : JsonParser.parseString(host.told("users").body()).getAsJsonArray()) {
      if (user.getAsJsonObject().get("name").getAsString().equals(name)) {
        return user.getAsJsonObject();
      }
    }
    throw new AssertionError("no account " + name);
  }

  @Test
  void s26_previews_the_id_that_a_sign_in_uses() throws IOException {
    for (String user : List.of("simon", "b.simon-c")) {
      host.change("users", Map.of("name", user));
    }
    previewed(
        Map.of("transform_pattern", "^b\\.(.*)@contoso\\.example$", "transform_replacement", "$1"),
        "simon");
    previewed(
        Map.of(
            "user_id_location", "attribute",
            "attribute_name", NAME_CLAIM,
            "transform_pattern", "^(.*)@(c)ontoso\\.example$",
            "transform_replacement", "$1-$2"),
        "b.simon-c");
    // What does not match is no user, in both.
    Map<String, String> other =
        Map.of("transform_pattern", "^(.*)@fabrikam\\.example$", "transform_replacement", "$1");
    Browser.Answer page = preview(other);
    assertThat(page.page().select("#preview_result").text()).startsWith(SIMON + " is refused");
    save(other);
    assertThat(host.signIn(host.browser(), "b.simon", "").code()).isEqualTo("user-id-transform");
    save(Map.of("transform_pattern", "", "transform_replacement", ""));
  }

  private static void previewed(Map<String, String> rule, String user) throws IOException {
    assertThat(preview(rule).page().select("#preview_result").text())
        .isEqualTo(SIMON + " becomes " + user);
    save(rule);
    host.browser().send("DELETE", host.context + "/standin/logins", null, null, false);
    Browser.Answer answer = host.signIn(host.browser(), "b.simon", "");
    assertThat(answer.status()).as(answer.toString()).isEqualTo(303);
    assertThat(host.told("logins").body()).contains("\"" + user + "\"");
    save(
        Map.of(
            "user_id_location", "name_id",
            "attribute_name", "",
            "transform_pattern", "",
            "transform_replacement", ""));
  }

  private static Browser.Answer preview(Map<String, String> rule) throws IOException {
    return host.press("preview", with(rule, "preview_value", SIMON));
  }

  private static Map<String, String> with(Map<String, String> rule, String name, String value) {
    Map<String, String> all = new HashMap<>(rule);
    all.put(name, value);
    return all;
  }

  private static void save(Map<String, String> changes) throws IOException {
    Browser.Answer saved = host.press("save", changes);
    assertThat(saved.location()).as(saved.toString()).endsWith("?saved");
  }

  /** Members come with their UPN and guests with their mail, by a claim condition in Entra. */
  @Test
  void s27_signs_guests_in_by_mail_and_takes_their_upn_as_it_is() throws IOException {
    String mail = "x.y@fabrikam.example";
    String upn = "x.y_fabrikam.example#EXT#@contoso.example";
    host.change("users", Map.of("name", mail));
    assertComesIn(mail, mail);
    assertComesIn(SIMON, SIMON);
    // Without the condition the UPN comes: a name like any other, and the page says which.
    assertRefused(upn, "user-not-found");
    save(Map.of("transform_pattern", "^(.*)_([^_]*)#EXT#@.*$", "transform_replacement", "$1@$2"));
    host.browser().send("DELETE", host.context + "/standin/sessions", null, null, false);
    assertComesIn(upn, mail);
    save(Map.of("transform_pattern", "", "transform_replacement", ""));
    assertComesIn(
        "g.guest_fabrikam.example#EXT#@contoso.example",
        "g.guest_fabrikam.example#ext#@contoso.example");
  }

  @Test
  void s34_accepts_an_old_session_of_the_provider_unless_a_fresh_one_was_asked_for()
      throws IOException {
    Map<String, String> old = Map.of("authn_age", String.valueOf(THREE_WEEKS));
    Browser.Answer accepted = host.signIn(host.browser(), "b.simon", "", old);
    assertThat(accepted.status()).as(accepted.toString()).isEqualTo(303);
    force(true);
    Browser.Answer refused = host.signIn(host.browser(), "b.simon", "", old);
    assertThat(refused.code()).as(refused.toString()).isEqualTo("authn-too-old");
    Browser.Answer fresh = host.signIn(host.browser(), "b.simon", "", Map.of("authn_age", "0"));
    assertThat(fresh.status()).as(fresh.toString()).isEqualTo(303);
    force(false);
  }

  private static void force(boolean on) throws IOException {
    host.store(
        document -> {
          JsonObject request = new JsonObject();
          request.addProperty("force_authn", on);
          document.add("request", request);
        });
  }
}
