package io.ostiary.bridge;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An open engine: one configuration, one tenant. Threads may share it. After {@link #close()} it
 * still answers, with the code {@code handle-closed}.
 *
 * <p>An engine always exists as an object: where the library is missing or the configuration cannot
 * be read it is not {@linkplain #isOpen() open}, says why, and refuses.
 */
public final class Engine implements Closeable {
  /**
   * A sign-in asks at most three times in a row; more is a defect, and it must not become a hang.
   */
  private static final int MAX_QUESTIONS = 16;

  private final long handle;
  private final boolean armed;
  private final Routes routes;
  private final List<Problem> problems;
  private final List<LogLine> log;
  private final LoginButton loginButton;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Engine(
      long handle,
      boolean armed,
      Routes routes,
      List<Problem> problems,
      List<LogLine> log,
      LoginButton loginButton) {
    this.handle = handle;
    this.armed = armed;
    this.routes = routes;
    this.problems = problems;
    this.log = log;
    this.loginButton = loginButton;
  }

  /**
   * Opens an engine. Nothing is thrown; ask {@link #isOpen()}.
   *
   * @param config the configuration as JSON (docs/wire.md)
   */
  public static Engine open(String config) {
    Availability availability = Ostiary.availability();
    if (!availability.isAvailable()) {
      return closed(availability.code(), availability.problem(), Routes.ofConfiguration(config));
    }
    byte[] answered = Door.open(Utf8.bytes(config));
    if (answered == null) {
      return closed("internal", "the native library gave no answer", Routes.none());
    }
    Json answer = Json.parse(answered);
    List<Problem> problems = new ArrayList<Problem>();
    for (Json problem : answer.objects("problems")) {
      problems.add(new Problem(problem.text("field", ""), problem.text("problem", "")));
    }
    return new Engine(
        answer.number("handle", 0),
        answer.flag("armed", false),
        Routes.read(answer),
        Collections.unmodifiableList(problems),
        LogLine.read(answer),
        LoginButton.read(answer.object("addon")));
  }

  private static Engine closed(String code, String problem, Routes routes) {
    List<LogLine> log = Collections.singletonList(new LogLine("error", code, problem, null));
    return new Engine(0, false, routes, Collections.<Problem>emptyList(), log, null);
  }

  /** Whether there is an engine behind this object. */
  public boolean isOpen() {
    return handle != 0 && !closed.get();
  }

  /**
   * Whether the engine has a usable signing key of the identity provider. One without refuses every
   * sign-in, and can fetch metadata.
   */
  public boolean isArmed() {
    return armed;
  }

  /** Which requests the engine wants to see. */
  public Routes routes() {
    return routes;
  }

  /** Every field of the configuration that is wrong. */
  public List<Problem> problems() {
    return problems;
  }

  /** For the login pages of an add-on's host, while {@link #isArmed()}; otherwise null. */
  public LoginButton loginButton() {
    return loginButton;
  }

  /** Log lines of opening. */
  public List<LogLine> log() {
    return log;
  }

  /**
   * Tells the engine what happened and answers its questions, until it says what the host has to
   * do. Nothing is thrown.
   *
   * @return an action of any kind but {@link Action.Kind#ASK}, with the log lines of all rounds
   */
  public Action handle(Event event, Host host) {
    Action action = handle(event);
    List<LogLine> earlier = new ArrayList<LogLine>();
    for (int asked = 0; action.kind() == Action.Kind.ASK; asked++) {
      if (asked == MAX_QUESTIONS) {
        return Action.refuse(
                500, "internal", "Something went wrong here.", "the engine does not stop asking")
            .after(earlier);
      }
      earlier.addAll(action.log());
      Json ask = action.json();
      action = handle(Event.answer(ask.text("resume", ""), host.answer(ask)));
    }
    return action.after(earlier);
  }

  /** One crossing; the action may be an {@link Action.Kind#ASK}. */
  Action handle(Event event) {
    if (handle == 0) {
      LogLine why =
          log.isEmpty()
              ? new LogLine("error", "config-invalid", problems.toString(), null)
              : log.get(log.size() - 1);
      return Action.refuse(503, why.code(), "Sign-in is not available at the moment.", why.text());
    }
    byte[] answered = Door.handle(handle, event.bytes());
    if (answered == null) {
      return Action.refuse(
          500, "internal", "Something went wrong here.", "the native library gave no answer");
    }
    return Action.read(answered);
  }

  /** Closes the engine; calls that are under way finish. */
  @Override
  public void close() {
    if (handle != 0 && closed.compareAndSet(false, true)) {
      Door.close(handle);
    }
  }

  @Override
  public String toString() {
    return "Engine[" + handle + (closed.get() ? ", closed]" : "]");
  }
}
