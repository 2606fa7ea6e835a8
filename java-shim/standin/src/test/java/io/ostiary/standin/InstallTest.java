package io.ostiary.standin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a host does not install. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InstallTest {

  private Hosts hosts;
  private Visitor oldest;
  private Visitor jira9;
  private Visitor jira10;

  @BeforeAll
  void start() throws Exception {
    hosts = new Hosts();
    oldest = signedIn("jira-5.2");
    jira9 = signedIn("jira-9");
    jira10 = signedIn("jira-10");
  }

  @AfterAll
  void stop() throws IOException {
    hosts.close();
  }

  @Test
  void refuses_a_bundle_version_that_is_not_one() throws Exception {
    HttpResponse<String> answer = jira9.upload(hello("jira-9").version("1.0-beta+3").jar(), null);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("Bundle-Version is not an OSGi version");
  }

  @Test
  void refuses_newer_classes_in_the_oldest_profile_only() throws Exception {
    HttpResponse<String> answer = oldest.upload(hello("jira-5.2").release("8").jar(), null);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("class level 52");
    assertThat(jira9.upload(hello("jira-9").release("8").jar(), null).statusCode()).isEqualTo(202);
  }

  @Test
  void chokes_on_lambdas_that_claim_the_old_level() throws Exception {
    AddOn lambda =
        AddOn.forProfile("jira-5.2").release("8").claimedLevel(51).servlet("Lambda", "/lambda");

    HttpResponse<String> answer = oldest.upload(lambda.jar(), null);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).containsPattern("constant tag 1[5-8]");
  }

  @Test
  void refuses_a_mandatory_import_of_a_hidden_package() throws Exception {
    byte[] jar = hello("jira-10").imports("com.atlassian.jira.component").jar();

    HttpResponse<String> answer = jira10.upload(jar, null);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("com.atlassian.jira.component");
    assertThat(jira10.ask("violations").toString()).contains("hidden-package");
    jira10.json("DELETE", "/standin/violations", "");
  }

  @Test
  void takes_an_optional_import_of_a_package_that_is_not_there() throws Exception {
    byte[] jar = hello("jira-9").imports("com.atlassian.seraph.auth;resolution:=optional").jar();

    assertThat(jira9.upload(jar, null).statusCode()).isEqualTo(202);
  }

  @Test
  void refuses_a_mandatory_import_of_annotations_that_an_old_host_does_not_have() throws Exception {
    byte[] jar = hello("jira-9").imports("com.atlassian.annotations.security").jar();

    assertThat(jira9.upload(jar, null).statusCode()).isEqualTo(400);
  }

  @Test
  void makes_no_modules_without_a_spring_context_but_in_the_oldest_profile() throws Exception {
    AddOn plain = hello("jira-9").header("Spring-Context", null).withoutSpring();

    assertThat(jira9.upload(plain.jar(), null).body()).contains("\"modules\": 0");
    assertThat(jira9.get("/plugins/servlet/hello").statusCode()).isEqualTo(404);
    assertThat(oldest.upload(plain.jar(), null).body()).contains("\"modules\": 1");
  }

  @Test
  void drops_modules_of_the_other_product_and_survives_unknown_elements() throws Exception {
    AddOn addOn =
        hello("jira-9")
            .element("<servlet key='other' application='confluence' class='not.There'/>")
            .element("<velocity-whatever key='unknown'><deep/></velocity-whatever>");

    assertThat(jira9.upload(addOn.jar(), null).statusCode()).isEqualTo(202);
  }

  @Test
  void refuses_a_module_class_that_is_not_there() throws Exception {
    AddOn addOn = hello("jira-9").element("<servlet key='gone' class='not.There'/>");

    assertThat(jira9.upload(addOn.jar(), null).body()).contains("not.There cannot be loaded");
  }

  @Test
  void takes_uploads_only_where_they_are_switched_on() throws Exception {
    Visitor admin = signedIn("confluence-9", "--set", "upm.plugin.upload.enabled=false");

    HttpResponse<String> answer = admin.upload(hello("confluence-9").jar(), null);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("disabled");
  }

  @Test
  void lets_only_system_administrators_install() throws Exception {
    StandIn host = hosts.start("jira-9");
    Visitor nobody = new Visitor(host);
    assertThat(nobody.upload(new byte[] {1}, null).statusCode()).isEqualTo(401);
    Visitor manager = new Visitor(host);
    manager.signIn("manager");
    assertThat(manager.upload(new byte[] {1}, null).statusCode()).isEqualTo(403);
    Visitor admin = new Visitor(host);
    admin.signIn("admin");
    assertThat(admin.post("/rest/plugins/1.0/?token=forged").statusCode()).isEqualTo(403);
  }

  @Test
  void installs_through_the_page_after_the_second_password() throws Exception {
    Visitor admin = signedIn("jira-9", "--set", "websudo=true");

    HttpResponse<String> sent = admin.get("/plugins/servlet/upm");
    assertThat(Visitor.location(sent)).contains("/secure/admin/WebSudoAuthenticate!default.jspa");
    admin.post("/secure/admin/WebSudoAuthenticate.jspa", "webSudoPassword", "sesame");

    assertThat(admin.get("/plugins/servlet/upm").body()).contains("id=\"upm-upload-file\"");
  }

  @Test
  void checks_the_detached_signature(@TempDir Path directory) throws Exception {
    Path home = Files.createDirectories(directory.resolve("home"));
    String checked = "atlassian.upm.signature.check.disabled=false";
    StandIn host = hosts.startIn(home, "jira-11", "--set", checked);
    Visitor admin = new Visitor(host);
    admin.signIn("admin");
    byte[] jar = hello("jira-11").jar();

    assertThat(admin.upload(jar, null).body()).contains("trust store is empty");

    KeyStore keys = ed25519(directory);
    Path trusted = Files.createDirectories(home.resolve("upmconfig/truststore"));
    Files.write(trusted.resolve("test.crt"), keys.getCertificate("key").getEncoded());
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign((PrivateKey) keys.getKey("key", "changeit".toCharArray()));
    signature.update(jar);
    String detached = Base64.getEncoder().encodeToString(signature.sign());

    assertThat(admin.upload(jar, null).body()).contains("not signed");
    assertThat(admin.upload(hello("jira-11").version("2").jar(), detached).body())
        .contains("not valid");
    assertThat(admin.upload(jar, detached).statusCode()).isEqualTo(202);
    host.close();
  }

  private static KeyStore ed25519(Path directory) throws Exception {
    Path store = directory.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "Ed25519",
                "-alias",
                "key",
                "-dname",
                "CN=test",
                "-storepass",
                "changeit",
                "-keystore",
                store.toString())
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    return KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
  }

  private Visitor signedIn(String profile, String... more) throws Exception {
    Visitor admin = new Visitor(hosts.start(profile, more));
    admin.signIn("admin");
    return admin;
  }

  private static AddOn hello(String profile) {
    return AddOn.forProfile(profile).servlet("Hello", "/hello");
  }
}
