package io.ostiary.bridge;

import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the JVM door costs: the POST of a Response as Entra sends it, up to the engine's question
 * for the user, and the same bytes across the door without an engine behind it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class DoorBenchmark {
  private static final String SITE = "http://localhost:9/";
  private static final String ACS_PATH = "/plugins/servlet/saml/auth";
  private static final String ACS = "http://localhost:9" + ACS_PATH;
  private static final String CONFIG =
      """
      {
        "sp": {"entity_id": "%s", "acs_url": "%s"},
        "idp": {"metadata_url": "%s"},
        "development": true
      }
      """;

  private long handle;
  private byte[] post;

  /** Starts a sign-in and keeps the form that the identity provider answers with. */
  @Setup
  public void signIn() throws IOException, InterruptedException {
    if (!Ostiary.availability().isAvailable()) {
      throw new IllegalStateException(Ostiary.availability().problem());
    }
    Host host = Scenes.host();
    try (TestIdp idp = new TestIdp(SITE)) {
      String config = CONFIG.formatted(SITE, ACS, idp.metadataUrl());
      handle = Json.parse(Door.open(Utf8.bytes(config))).number("handle", 0);
      Action start = answered(navigation().build(), host);
      Map<String, String> cookies = new HashMap<>();
      for (String cookie : start.cookies()) {
        cookies.put(
            cookie.substring(0, cookie.indexOf('=')),
            cookie.substring(cookie.indexOf('=') + 1, cookie.indexOf(';')));
      }
      Map<String, String> form = idp.signIn(start.response().location(), "b.simon", "none");
      Event.Request request = Event.request("POST", ACS, ACS_PATH);
      form.forEach((name, value) -> request.form(name, Collections.singletonList(value)));
      cookies.forEach(request::cookie);
      post = request.build().bytes();
      System.out.println(
          "# SAMLResponse: "
              + form.get("SAMLResponse").length()
              + " characters of base64, event: "
              + post.length
              + " bytes");
    }
    Json asked = Json.parse(consume());
    if (!"look_up".equals(asked.text("what"))) {
      throw new IllegalStateException("the response is not accepted: " + asked.text("code"));
    }
  }

  private static Event.Request navigation() {
    return Event.request("GET", ACS, ACS_PATH)
        .query("target=%2F")
        .header("accept", "text/html")
        .header("sec-fetch-mode", "navigate");
  }

  /** What {@link Engine#handle(Event, Host)} does, with the handle at hand. */
  private Action answered(Event event, Host host) {
    Json answer = Json.parse(Door.handle(handle, event.bytes()));
    while ("ask".equals(answer.text("action"))) {
      Event answered = Event.answer(answer.text("resume"), host.answer(answer));
      answer = Json.parse(Door.handle(handle, answered.bytes()));
    }
    return Action.of(answer);
  }

  /** Closes the engine. */
  @TearDown
  public void close() {
    Door.close(handle);
  }

  /** Event in, base64 decoded, Response checked, attempt opened, question out. */
  @Benchmark
  public byte[] consume() {
    return Door.handle(handle, post);
  }

  /** The same bytes to a handle that does not exist. */
  @Benchmark
  public byte[] crossing() {
    return Door.handle(0, post);
  }
}
