package io.ostiary.standin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Installing, disabling, enabling, upgrading, uninstalling, restarting. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LifeCycleTest {

  private Hosts hosts;

  @BeforeAll
  void start() {
    hosts = new Hosts();
  }

  @AfterAll
  void stop() throws IOException {
    hosts.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jira-5.2", "jira-9", "jira-10", "jira-11",
        "confluence-5", "confluence-8", "confluence-9", "confluence-10"
      })
  void installs_disables_enables_upgrades_and_uninstalls(String profile) throws Exception {
    Visitor admin = new Visitor(hosts.start(profile));
    admin.signIn("admin");

    assertThat(admin.upload(hello(profile, "1.0.0"), null).statusCode()).isEqualTo(202);
    assertThat(admin.get("/plugins/servlet/hello").body())
        .isEqualTo("hello admin made=1 path=/plugins/servlet/hello rest=null");
    assertThat(admin.get("/plugins/servlet/hello/").statusCode()).isEqualTo(404);
    int loader = loader(admin);

    admin.json("PUT", "/rest/plugins/1.0/test.addon-key", "{\"enabled\":false}");
    assertThat(admin.get("/plugins/servlet/hello").statusCode()).isEqualTo(404);
    admin.json("PUT", "/rest/plugins/1.0/test.addon-key", "{\"enabled\":true}");
    // The class loader stays, so do statics; the servlet is a new one.
    assertThat(admin.get("/plugins/servlet/hello").body()).contains("made=2");
    assertThat(loader(admin)).isEqualTo(loader);

    assertThat(admin.upload(hello(profile, "1.0.1"), null).statusCode()).isEqualTo(202);
    assertThat(admin.get("/plugins/servlet/hello").body()).contains("made=1");
    assertThat(loader(admin)).isNotEqualTo(loader);

    admin.json("DELETE", "/rest/plugins/1.0/test.addon-key", "");
    assertThat(admin.get("/plugins/servlet/hello").statusCode()).isEqualTo(404);
    assertThat(admin.ask("violations").getAsJsonArray()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"jira-9", "confluence-10"})
  void keeps_plug_ins_over_a_restart(String profile, @TempDir Path home) throws Exception {
    try (StandIn first = hosts.startIn(home, profile)) {
      Visitor admin = new Visitor(first);
      admin.signIn("admin");
      admin.upload(hello(profile, "1.0.0"), null);
    }
    try (StandIn second = hosts.startIn(home, profile)) {
      Visitor admin = new Visitor(second);
      admin.signIn("admin");
      assertThat(admin.get("/plugins/servlet/hello").body()).startsWith("hello admin");
      admin.json("PUT", "/rest/plugins/1.0/test.addon-key", "{\"enabled\":false}");
    }
    try (StandIn third = hosts.startIn(home, profile)) {
      Visitor admin = new Visitor(third);
      admin.signIn("admin");
      assertThat(admin.get("/plugins/servlet/hello").statusCode()).isEqualTo(404);
    }
  }

  private static byte[] hello(String profile, String version) throws IOException {
    return AddOn.forProfile(profile).version(version).servlet("Hello", "/hello").jar();
  }

  private static int loader(Visitor visitor) throws Exception {
    return visitor
        .ask("plugins")
        .getAsJsonArray()
        .get(0)
        .getAsJsonObject()
        .get("loader")
        .getAsInt();
  }
}
