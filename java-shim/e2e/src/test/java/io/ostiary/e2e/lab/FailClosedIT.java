package io.ostiary.e2e.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What happens where something that sign-in needs is missing: open pages work, nothing else is
 * shown.
 */
@ParameterizedClass
@EnumSource(Container.class)
record FailClosedIT(Container container) {

  private static final String NOBODY = "http://127.0.0.1:9/metadata";
  private static final String PAGE = "Accept: text/html";

  @Test
  void open_pages_work_without_the_native_library_and_one_line_says_why() throws IOException {
    try (Lab lab =
        new Lab(container, "", Configs.of("", NOBODY), "-Dostiary.native.path=/nowhere.so")) {
      assertThat(lab.get("/public/who", PAGE).isSecret()).isTrue();
      for (String path :
          new String[] {
            "/secret/page",
            "/static.html",
            "/",
            Lab.SIGN_ON,
            Lab.SIGN_OUT,
            "/public/../secret/page",
            "/public/forward?to=/secret/page"
          }) {
        Http.Answer answer = lab.get(path, PAGE);
        assertThat(answer.status()).as(path).isEqualTo(503);
        assertThat(answer.body())
            .contains("Sign-in is not available", "native-unavailable")
            .doesNotContain("nowhere");
        assertThat(answer.header("cache-control")).isEqualTo("no-store");
      }
      assertThat(lab.log().lines().filter(line -> line.contains("native-unavailable")))
          .hasSize(1)
          .first()
          .asString()
          .contains("/nowhere.so");
    }
  }

  @Test
  void nothing_is_open_without_a_configuration_until_there_is_one() throws Exception {
    try (Lab lab = new Lab(container, "", null)) {
      Http.Answer answer = lab.get("/public/who", PAGE);
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body()).contains("config-unreadable");
      Files.writeString(lab.config(), Configs.of("", NOBODY).apply(lab.port()));
      await(() -> lab.get("/public/who", PAGE).isSecret());
      assertThat(lab.get("/secret/page", PAGE).status()).isEqualTo(303);
      assertThat(lab.log().lines().filter(line -> line.contains("config-unreadable"))).hasSize(1);
    }
  }

  @Test
  void a_change_of_the_configuration_is_taken_over_and_a_broken_one_is_not() throws Exception {
    try (Lab lab = new Lab(container, "", Configs.of("", NOBODY))) {
      await(() -> Files.readString(lab.config()).contains("\"sealing\":\""));
      String saved = Files.readString(lab.config());
      Files.writeString(lab.config(), saved.replace("/public/*", "/public/session"));
      await(() -> lab.get("/public/who", PAGE).status() == 303);
      assertThat(lab.get("/public/session", PAGE).status()).isEqualTo(200);
      Files.writeString(lab.config(), saved.substring(0, 50));
      await(() -> lab.log().contains("stays in force"));
      assertThat(lab.get("/public/session", PAGE).status()).isEqualTo(200);
      assertThat(lab.get("/public/who", PAGE).status()).isEqualTo(303);
      Files.writeString(lab.config(), saved);
      await(() -> lab.get("/public/who", PAGE).isSecret());
    }
  }

  @Test
  void the_thread_of_the_filter_ends_with_the_application() throws IOException {
    try (Lab lab = new Lab(container, "", Configs.of("", NOBODY))) {
      assertThat(lab.stopAndCountThreads()).isEqualTo("threads=0");
      assertThat(lab.log()).doesNotContain("memory leak. Stack trace", "failed to stop it");
    }
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    for (int i = 0; i < 100; i++) {
      if (condition.call()) {
        return;
      }
      Thread.sleep(100);
    }
    throw new AssertionError("did not happen within ten seconds");
  }
}
