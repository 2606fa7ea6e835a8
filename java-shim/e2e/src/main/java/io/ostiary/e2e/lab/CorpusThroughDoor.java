package io.ostiary.e2e.lab;

import io.ostiary.bridge.Action;
import io.ostiary.bridge.Engine;
import io.ostiary.bridge.Event;
import io.ostiary.bridge.Fetcher;
import io.ostiary.bridge.Host;
import io.ostiary.bridge.InMemoryOneTimeStore;
import io.ostiary.bridge.InMemorySettingsStore;
import io.ostiary.bridge.UserDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Plays the responses of a corpus through the four native functions: {@code CorpusThroughDoor
 * DIRECTORY}. The result goes to the standard output, a line for each case.
 */
public final class CorpusThroughDoor {

  private static final Fetcher OFFLINE = (url, maxBytes, timeout) -> Fetcher.Fetched.failed("off");

  private CorpusThroughDoor() {}

  /** Plays every case of the plan. */
  public static void main(String[] args) throws IOException {
    List<CorpusCase> cases = CorpusCase.read(Path.of(args[0]));
    for (CorpusCase warmingUp : cases.subList(0, Math.min(1, cases.size()))) {
      play(warmingUp);
    }
    for (CorpusCase played : cases) {
      System.out.println(play(played));
    }
  }

  private static String play(CorpusCase played) {
    try {
      return see(played).line(played);
    } catch (IOException | RuntimeException e) {
      return CorpusCase.Seen.problem(played, e);
    }
  }

  private static CorpusCase.Seen see(CorpusCase played) throws IOException {
    Host host =
        new Host(
            OFFLINE,
            UserDirectory.EVERYBODY,
            new InMemoryOneTimeStore(),
            new InMemorySettingsStore());
    try (Engine engine = Engine.open(Files.readString(played.config()))) {
      if (!engine.isOpen()) {
        throw new IOException(engine.log() + " " + engine.problems());
      }
      Event.Request post = request("POST").form("SAMLResponse", List.of(played.message()));
      if (played.attempt()) {
        Event get = request("GET").query(CorpusCase.START).header("accept", "text/html").build();
        Action started = engine.handle(get, host);
        String relayState = CorpusCase.relayState(started.response().location());
        if (relayState != null) {
          post.form("RelayState", List.of(relayState));
        }
        for (String cookie : started.cookies()) {
          String pair = cookie.substring(0, cookie.indexOf(';'));
          post.cookie(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
      }
      long start = System.nanoTime();
      Action action = engine.handle(post.build(), host);
      double millis = (System.nanoTime() - start) / 1e6;
      boolean signsIn = action.kind() == Action.Kind.SIGN_IN;
      return new CorpusCase.Seen(
          signsIn ? 303 : action.response().status(),
          signsIn ? null : action.code(),
          null,
          action.user(),
          "",
          millis);
    }
  }

  private static Event.Request request(String method) {
    return Event.request(method, "https://localhost" + CorpusCase.SIGN_ON, CorpusCase.SIGN_ON);
  }
}
