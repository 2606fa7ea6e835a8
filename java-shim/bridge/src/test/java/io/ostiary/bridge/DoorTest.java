package io.ostiary.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The four native functions as they are, through the JVM. The whole module runs under -Xcheck:jni.
 */
class DoorTest {
  @BeforeAll
  static void library() {
    assertThat(Ostiary.availability().problem()).isNull();
  }

  private static Json open(String config) {
    return Json.parse(Door.open(Utf8.bytes(config)));
  }

  private static long openOne() {
    long handle = open(Scenes.config("https://one.example.com/")).number("handle", 0);
    assertThat(handle).isPositive();
    return handle;
  }

  private static Json handle(long handle, byte[] event) {
    return Json.parse(Door.handle(handle, event));
  }

  @Test
  void tellsItsVersions() {
    Json about = Json.parse(Door.about());
    assertThat(about.integer("wire", 0)).isEqualTo(Ostiary.WIRE_VERSION);
    assertThat(about.text("openssl", "")).startsWith("OpenSSL 3.");
    assertThat(about.text("library", "")).matches("\\d+\\.\\d+\\.\\d+");
  }

  @Test
  void refusesConfigurationsThatCannotBeRead() {
    assertThat(Json.parse(Door.open(null)).number("handle", -1)).isZero();
    for (String config : new String[] {"", "{", "[]", "{\"sp\":{}}", "\u0000", "\uD83D\uDE00"}) {
      assertThat(open(config).number("handle", -1)).as(config).isZero();
    }
  }

  @Test
  void answersEveryGarbageWithAnAction() {
    long handle = openOne();
    Random random = new Random(7);
    List<byte[]> events = new ArrayList<>();
    events.add(null);
    events.add(new byte[0]);
    events.add(new byte[33 * 1024 * 1024]);
    events.add(Utf8.bytes("{\"kind\":\"request\"}"));
    events.add(Utf8.bytes("{\"kind\":\"answer\",\"resume\":\"x\",\"result\":7}"));
    events.add(Utf8.bytes("[".repeat(100_000)));
    events.add(Utf8.bytes("{\"kind\":".repeat(100_000)));
    for (int i = 0; i < 150; i++) {
      byte[] noise = new byte[random.nextInt(300)];
      random.nextBytes(noise);
      events.add(noise);
    }
    for (byte[] event : events) {
      Json action = handle(handle, event);
      assertThat(action.text("action", "")).isEqualTo("respond");
      assertThat(action.integer("status", 0)).isBetween(400, 599);
      assertThat(action.text("code", "")).isNotEmpty();
    }
    Door.close(handle);
  }

  @Test
  void answersAClosedHandlePolitely() {
    long handle = openOne();
    Door.close(handle);
    Door.close(handle);
    for (long closed : new long[] {handle, 0, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      assertThat(handle(closed, Event.tick().bytes()).text("code", "")).isEqualTo("handle-closed");
    }
  }

  @Test
  void carriesTextOfEveryKindBothWays() {
    long handle = openOne();
    for (String text :
        new String[] {
          "plain",
          "b\u00fccher",
          "\u20ac \u0905",
          "\uD83D\uDC1F\uD83D\uDE00",
          "a\u0000b",
          "\u0001\u0085\u2028\ufffd"
        }) {
      // The engine names a field that it does not know.
      String config = new Json().put(text, 1).toString();
      Json answer = handle(handle, Event.checkConfig(config).bytes());
      List<Json> problems = Json.parse(answer.text("body")).objects("problems");
      assertThat(problems).extracting(problem -> problem.text("field")).as(text).contains(text);
    }
    Door.close(handle);
  }

  @Test
  void keepsTwoTenantsApart() {
    try (Engine contoso = Engine.open(Scenes.config("https://contoso.example.com/"));
        Engine fabrikam = Engine.open(Scenes.config("https://fabrikam.example.com/"))) {
      assertThat(contoso.isOpen()).isTrue();
      assertThat(fabrikam.isOpen()).isTrue();
      Host host = Scenes.host();
      String first =
          contoso.handle(Scenes.get("/plugins/servlet/saml/metadata"), host).response().body();
      String second =
          fabrikam.handle(Scenes.get("/plugins/servlet/saml/metadata"), host).response().body();
      assertThat(first).contains("https://contoso.example.com/").doesNotContain("fabrikam");
      assertThat(second).contains("https://fabrikam.example.com/").doesNotContain("contoso");
    }
  }

  @Test
  void opensAndClosesUnderEightThreads() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<Integer>> done = new ArrayList<>();
    for (int number = 0; number < 8; number++) {
      String entityId = "https://sp" + number + ".example.com/";
      done.add(
          threads.submit(
              () -> {
                int right = 0;
                for (int i = 0; i < 15; i++) {
                  try (Engine engine = Engine.open(Scenes.config(entityId))) {
                    Action action =
                        engine.handle(Scenes.get("/plugins/servlet/saml/metadata"), Scenes.host());
                    right += action.response().body().contains(entityId) ? 1 : 0;
                  }
                }
                return right;
              }));
    }
    for (Future<Integer> one : done) {
      assertThat(one.get()).isEqualTo(15);
    }
    threads.shutdown();
  }
}
