package io.ostiary.addon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * From a host without the add-on to one with it, not configured yet: an administrator uploads the
 * jar on the page <i>Manage apps</i>, where it must be signed if the host is new enough.
 */
@ParameterizedClass
@MethodSource("io.ostiary.addon.Profiles#all")
record InstallScenariosIT(String profile) {

  private static final String MANAGE = "/plugins/servlet/upm";
  private static final String EMPTY_TRUST_STORE =
      "The app signature cannot be verified: the trust store is empty";
  private static final String NOT_SIGNED = "The app is not signed";

  private static Installed host;
  private static Browser visitor;
  private static Snapshot bare;
  private static Snapshot unconfigured;
  private static final List<Browser.Answer> refused = new ArrayList<>();
  private static String pluginsAfterRefusal;
  private static Browser.Answer installed;

  @BeforeParameterizedClassInvocation
  static void start(String profile) throws Exception {
    host = new Installed(profile, "--set", "atlassian.upm.signature.check.disabled=false");
    visitor = host.signedIn("b.simon@contoso.example");
    bare = Snapshot.of(host);
    refused.clear();
    Map<String, String> signature = Map.of();
    if (checksSignatures()) {
      refused.add(upload(Map.of()));
      Signer signer = new Signer(host.home());
      Path trusted = Files.createDirectories(host.home().resolve("upmconfig/truststore"));
      Files.writeString(trusted.resolve("ostiary-addons.pem"), signer.certificate());
      refused.add(upload(Map.of()));
      pluginsAfterRefusal = host.told("plugins").body();
      signature = Map.of("signature", signer.sign(Files.readAllBytes(host.jar())));
    }
    installed = upload(signature);
    unconfigured = Snapshot.of(host);
  }

  @AfterParameterizedClassInvocation
  static void stop() throws IOException {
    try {
      assertThat(host.told("violations").body().trim()).isEqualTo("[]");
    } finally {
      host.close();
    }
  }

  private static boolean checksSignatures() {
    return host.profile.equals("jira-11") || host.profile.equals("confluence-10");
  }

  /** As the form on the page does it. */
  private static Browser.Answer upload(Map<String, String> signature) throws IOException {
    Browser admin = host.admin();
    Map<String, String> fields =
        new LinkedHashMap<>(admin.get(host.context + MANAGE).fields("#upm-upload-form"));
    fields.putAll(signature);
    return host.upload(admin, host.context + MANAGE, fields);
  }

  private static String message(Browser.Answer answer) {
    return answer.page().selectFirst("#upm-message").text();
  }

  private static Document descriptor() throws IOException {
    try (ZipFile jar = new ZipFile(host.jar().toFile());
        InputStream in = jar.getInputStream(jar.getEntry("atlassian-plugin.xml"))) {
      return Jsoup.parse(in, "UTF-8", "", Parser.xmlParser());
    }
  }

  @Test
  void s01_installs_by_upload_with_all_modules_on_and_configure_opens() throws IOException {
    String key = "io.ostiary." + host.product;
    assertThat(message(installed)).isEqualTo("Installed: " + key);
    Element row = installed.page().selectFirst("tr[data-key=" + key + "]");
    assertThat(row.selectFirst(".upm-state").text()).isEqualTo("enabled");

    List<Element> modules =
        descriptor().selectFirst("atlassian-plugin").children().stream()
            .filter(module -> !module.tagName().equals("plugin-info"))
            .toList();
    assertThat(host.told("plugins").body())
        .contains("\"enabled\": true", "\"modules\": " + modules.size());
    for (Element module : modules) {
      assertIsOn(module);
    }
    assertThat(visitor.get(host.startPage()).body())
        .as("no restart: who was signed in still is")
        .contains("data-username=\"b.simon@contoso.example\"");

    Browser admin = host.admin();
    String configure = row.selectFirst(".upm-configure").attr("abs:href");
    Browser.Answer page = admin.get(configure);
    assertThat(page.status()).as("GET of Configure").isEqualTo(200);
    Map<String, String> fields = page.fields("#ostiary-form");
    fields.put("action", "preview");
    Browser.Answer posted = admin.post(configure, fields);
    assertThat(posted.status()).as("POST of Configure").isEqualTo(200);
    assertThat(posted.page().selectFirst("#ostiary-form")).isNotNull();
  }

  private static void assertIsOn(Element module) throws IOException {
    String named = module.attr("key");
    switch (module.tagName()) {
      case "servlet" -> {
        for (Element pattern : module.select("url-pattern")) {
          String path = host.context + "/plugins/servlet" + pattern.text();
          assertThat(host.admin().get(path).status()).as(path).isNotIn(404, 405, 500);
        }
      }
      case "web-resource" -> {
        for (Element resource : module.select("resource")) {
          String path =
              "%s/download/resources/io.ostiary.%s:%s/%s"
                  .formatted(host.context, host.product, named, resource.attr("name"));
          assertThat(host.browser().get(path).status()).as(path).isEqualTo(200);
        }
      }
      case "web-item" ->
          assertThat(installed.page().select("#admin nav a[href]").eachAttr("href"))
              .as(named)
              .contains(host.context + module.selectFirst("link").text());
      case "servlet-filter" ->
          // It puts the button on login pages as soon as the add-on is configured.
          assertThat(module.select("url-pattern").eachText()).as(named).containsExactly("/*");
      default -> throw new AssertionError("a module that nobody looked at: " + module);
    }
  }

  @Test
  void s02_is_refused_without_certificate_or_signature_as_the_guide_says() throws IOException {
    assumeTrue(checksSignatures(), "only UPM 8 (Jira 11, Confluence 10) checks signatures");
    assertThat(refused).hasSize(2);
    assertThat(message(refused.get(0))).isEqualTo("Refused: " + EMPTY_TRUST_STORE);
    assertThat(message(refused.get(1))).isEqualTo("Refused: " + NOT_SIGNED);
    assertThat(pluginsAfterRefusal.trim()).as("nothing was installed").isEqualTo("[]");
    Path guide = Path.of(System.getProperty("ostiary.jars"), "..", "docs", "admin-guide.md");
    assertThat(Files.readString(guide).replaceAll("\\s+", " "))
        .contains(EMPTY_TRUST_STORE, NOT_SIGNED, "upmconfig/truststore");
  }

  @Test
  void s03_changes_no_page_of_the_host_until_it_is_configured() {
    String link = host.context + Installed.CONFIGURE;
    Map<String, String> before = bare.pages();
    Map<String, String> after = unconfigured.without(link).pages();
    assertThat(after).hasSizeGreaterThan(60).containsOnlyKeys(before.keySet());
    before.forEach((name, page) -> assertThat(after.get(name)).as(name).isEqualTo(page));
    assertThat(unconfigured.pages().values().stream().filter(page -> page.contains(link)))
        .as("in the administration there is the way to Configure")
        .hasSize(2);
  }
}
