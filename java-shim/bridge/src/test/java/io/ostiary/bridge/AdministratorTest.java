package io.ostiary.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The events of an add-on's administrator, through the JVM. */
class AdministratorTest {
  private final AddonDocument.HostFacts facts =
      new AddonDocument.HostFacts("jira", "Jira", "10.3.1", "0.1.0")
          .at("https://jira.example.com/jira", "/jira");
  private Engine engine = Engine.open(AddonDocument.toOpen(null, null, facts));

  @AfterEach
  void close() {
    engine.close();
  }

  private Action ask(Event.Admin event) {
    return engine.handle(event.build(), Scenes.host());
  }

  private Event.Admin form(String button, String boundary) {
    Event.Admin event = Event.admin("POST", "configure", "admin").xsrf("atl_token", "T-1");
    StringBuilder body = new StringBuilder();
    for (String field : fields()) {
      String value = field.equals("action") ? button : field.equals("revision") ? "0" : "";
      event.form(field, List.of(value));
      body.append("--b\r\nContent-Disposition: form-data; name=\"").append(field);
      body.append("\"\r\n\r\n").append(value).append("\r\n");
    }
    byte[] multipart = body.append("--b--\r\n").toString().getBytes(StandardCharsets.UTF_8);
    return boundary == null
        ? event
        : Event.admin("POST", "configure", "admin")
            .upload("multipart/form-data; boundary=" + boundary, multipart);
  }

  private static List<String> fields() {
    return List.of(
        "action revision metadata_url metadata_host identifier reply_url sign_on_url idp_entity_id"
            .concat(" login_url logout_url certificates login_button_name login_button_description")
            .concat(" user_id_location attribute_name transform_pattern transform_replacement")
            .concat(" domain_name clock_skew_seconds")
            .split(" "));
  }

  @Test
  void getsThePageOfAnUnconfiguredAddon() {
    assertThat(engine.isOpen()).isTrue();
    assertThat(engine.isArmed()).isFalse();
    assertThat(engine.loginButton().name()).isEqualTo("Sign in with Microsoft");
    Action action =
        ask(
            Event.admin("GET", "configure", "admin")
                .query("saved")
                .xsrf("atl_token", "T-1")
                .seen("http", "internal", 8080)
                .problem("Something <else> is installed."));
    assertThat(action.response().status()).isEqualTo(200);
    assertThat(action.response().body())
        .contains("name=\"atl_token\" value=\"T-1\"")
        .contains("https://jira.example.com/jira/plugins/servlet/saml/auth")
        .contains("http://internal:8080")
        .contains("Something &#60;else&#62; is installed.");
  }

  @Test
  void readsBothKindsOfForm() {
    for (String boundary : new String[] {null, "b"}) {
      Action action = ask(form("reset", boundary));
      assertThat(action.code()).as(boundary).isNull();
      assertThat(action.response().body()).contains("follow the base URL again");
    }
    assertThat(ask(form("reset", "other")).code()).isEqualTo(Codes.CONFIG_INVALID);
    assertThat(ask(form("save", null).form("keys.sealing", List.of("x"))).code())
        .isEqualTo(Codes.CONFIG_INVALID);
  }

  @Test
  void readsADocumentWithItsRevision() {
    Action read = ask(Event.admin("GET", "settings", "admin"));
    assertThat(read.response().body()).startsWith("{").doesNotContain("sealing");
    assertThat(ask(Event.admin("PUT", "settings", "admin").document("{}", null)).code())
        .isEqualTo(Codes.CONFIG_REVISION_MISSING);
    assertThat(ask(Event.admin("PUT", "settings", "admin").document("{}", "\"0\"")).code())
        .isEqualTo(Codes.CONFIG_INVALID);
    String document = read.response().body();
    Action put = ask(Event.admin("PUT", "settings", "admin").document(document, "\"0\""));
    assertThat(put.code()).isEqualTo(Codes.CONFIG_SAVED);
    assertThat(put.response().headers())
        .anySatisfy(
            header -> {
              assertThat(header.name()).isEqualTo("ETag");
              assertThat(header.value()).isEqualTo("\"1\"");
            });
  }
}
