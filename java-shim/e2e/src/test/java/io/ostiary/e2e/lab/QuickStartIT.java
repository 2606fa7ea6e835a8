package io.ostiary.e2e.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What README.md says to do, done with its own configuration; and what is refused then. */
@ParameterizedClass
@EnumSource(Container.class)
record QuickStartIT(Container container) {

  private static final Path README = Path.of("..", "..", "README.md");
  private static final int MOST_LINES = 20;

  private static Lab lab;
  private static TestIdp idp;

  /** The only block of README.md in that language. */
  private static String block(String language) throws IOException {
    Matcher block =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(README));
    assertThat(block.find()).as(language).isTrue();
    return block.group(1);
  }

  @BeforeParameterizedClassInvocation
  static void start(Container container) throws Exception {
    int provider = Lab.freePort();
    String config =
        block("json")
            .replaceAll(
                "https://login\\.microsoftonline\\.com[^\"]*", TestIdp.metadataUrl(provider))
            .replaceFirst("\\{", "{\"development\": true,");
    lab =
        new Lab(
            container,
            "",
            port -> config.replace("https://app.example.com/", "http://localhost:" + port + "/"));
    idp = new TestIdp(provider, "http://localhost:" + lab.port() + "/");
    lab.awaitArmed();
  }

  @AfterParameterizedClassInvocation
  static void stop() throws IOException {
    lab.close();
    idp.close();
  }

  @Test
  void s50_takes_fewer_than_twenty_lines_and_signs_in() throws IOException {
    assertThat(block("java").lines().count() + block("json").lines().count())
        .isLessThan(MOST_LINES);
    Browser browser = new Browser(lab, idp);
    Http.Answer signedIn = browser.signIn("b.simon", "/secret/page");
    assertThat(signedIn.status()).as(signedIn.body()).isEqualTo(303);
    assertThat(browser.visit("/secret/page").isSecret()).isTrue();
  }

  @Test
  void s50_refuses_the_attack_set() throws IOException {
    Map<String, String> codes = new LinkedHashMap<>();
    codes.put("wrong-audience", "audience-mismatch");
    codes.put("wrong-recipient", "recipient-mismatch");
    codes.put("wrong-destination", "destination-mismatch");
    codes.put("wrong-issuer", "response-issuer-mismatch");
    codes.put("wrong-key", "signature-invalid");
    codes.put("tampered", "signature-digest-mismatch");
    codes.put("unsigned", "signature-missing");
    codes.put("sha1", "signature-sha1");
    codes.put("expired", "confirmation-expired");
    codes.put("wrapped", "assertion-not-unique");
    codes.put("duplicate-id", "xml-duplicate-id");
    codes.put("comment-in-name-id", "xml-comment");
    codes.put("huge", "message-too-large");
    codes.put("doctype", "xml-doctype");
    codes.put("not-base64", "base64-invalid");
    for (Map.Entry<String, String> one : codes.entrySet()) {
      Browser browser = new Browser(lab, idp);
      Http.Answer refused = browser.post(browser.chooses("b.simon", one.getKey(), "/secret/page"));
      assertThat(refused.status()).as(one.getKey()).isBetween(400, 413);
      assertThat(refused.body())
          .as(one.getKey())
          .contains(">" + one.getValue() + "<")
          .doesNotContain("at io.ostiary", "Exception");
      assertThat(browser.visit("/secret/page").isSecret()).as(one.getKey()).isFalse();
    }
  }
}
