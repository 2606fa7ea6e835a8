package io.ostiary.atlassian;

import io.ostiary.bridge.Action;
import io.ostiary.bridge.AddonDocument;
import io.ostiary.bridge.Engine;
import io.ostiary.bridge.Event;
import io.ostiary.bridge.Host;
import io.ostiary.bridge.HttpsFetcher;
import io.ostiary.bridge.LogLine;
import io.ostiary.bridge.LoginButton;
import io.ostiary.bridge.OneTimeStore;
import io.ostiary.bridge.Ostiary;
import io.ostiary.bridge.UserDirectory;
import io.ostiary.web.Clockwork;
import io.ostiary.web.Gate;
import io.ostiary.web.Gateway;
import io.ostiary.web.Log;
import io.ostiary.web.Routes;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Level;

/**
 * Keeps one engine open on the stored settings, and another when the settings or the host's base
 * URL have changed, on whichever node that was.
 */
final class Keeper {

  /** The switch that allows plain http on this machine, for trying out. */
  private static final String DEVELOPMENT = "ostiary.development";

  private static final long LOOK_EVERY_SECONDS = 2;
  private static final long LOOK_EVERY_NANOS = 1000L * 1000 * 1000;
  private static final long TICK_EVERY_SECONDS = 60;

  private static final UserDirectory NOBODY_ASKED =
      new UserDirectory() {
        @Override
        public Answer find(String user) {
          return Answer.failed("users are looked up while they sign in only");
        }
      };

  private final Product product;
  private final Sal sal;
  private final HostSettings settings;
  private final OneTimeStore oneTime;
  private final Sessions sessions;
  private final String contextPath;

  private final Gateway gateway = new Gateway();
  private Clockwork clock;
  private volatile boolean started;
  private volatile long lookedNanos;

  /** What the engine was opened on; null before the first. */
  private String openedOn;

  private volatile String problem;

  /** Settings are looked at once more after the first keys were made. */
  private boolean madeKeys;

  Keeper(
      Product product,
      Sal sal,
      HostSettings settings,
      OneTimeStore oneTime,
      Sessions sessions,
      String contextPath) {
    this.product = product;
    this.sal = sal;
    this.settings = settings;
    this.oneTime = oneTime;
    this.sessions = sessions;
    this.contextPath = contextPath;
  }

  /** Loads the library and opens the engine; at the first use, not while the host starts. */
  private synchronized void start() {
    if (started) {
      return;
    }
    try {
      Ostiary.unpackInto(home());
    } catch (HostException unknown) {
      Ostiary.unpackInto(null);
    }
    look();
    clock = new Clockwork("ostiary-" + product.key());
    clock.every(
        LOOK_EVERY_SECONDS,
        LOOK_EVERY_SECONDS,
        new Runnable() {
          @Override
          public void run() {
            look();
            sessions.sweep();
          }
        });
    clock.every(
        0,
        TICK_EVERY_SECONDS,
        new Runnable() {
          @Override
          public void run() {
            ask(Event.tick(), NOBODY_ASKED);
          }
        });
    started = true;
  }

  private File home() throws HostException {
    File home = sal.home();
    return home == null || !home.isDirectory() ? null : new File(home, "ostiary");
  }

  /** Looks whether the settings have changed, unless that was done a moment ago. */
  void look(boolean now) {
    if (!started) {
      start();
    } else if (now || System.nanoTime() - lookedNanos > LOOK_EVERY_NANOS) {
      look();
    }
  }

  private synchronized void look() {
    lookAtSettings();
    if (madeKeys) {
      madeKeys = false;
      lookAtSettings();
    }
  }

  private void lookAtSettings() {
    lookedNanos = System.nanoTime();
    List<String> problems = new ArrayList<String>();
    String stored;
    String keys;
    try {
      stored = settings.settings();
      keys = settings.keys();
    } catch (IOException e) {
      complain("config-unreadable: " + e.getMessage());
      return;
    }
    String baseUrl = "";
    String version = "";
    try {
      baseUrl = sal.baseUrl();
      version = sal.version();
    } catch (HostException e) {
      problems.add(e.getMessage());
    }
    String document =
        AddonDocument.toOpen(
            stored,
            keys,
            new AddonDocument.HostFacts(product.key(), product.title(), version, product.version())
                .at(baseUrl == null ? "" : baseUrl, contextPath)
                .development(Boolean.getBoolean(DEVELOPMENT))
                .problems(problems));
    if (!document.equals(openedOn)) {
      openedOn = document;
      open(document);
      if (keys == null) {
        // The keys of this installation are made and saved now, and not while an administrator has
        // the page of the revision before open.
        ask(Event.tick());
        madeKeys = true;
      }
    }
  }

  private void open(String document) {
    Engine engine = Engine.open(document);
    Log.lines(engine.log());
    if (engine.isOpen()) {
      problem = null;
      gateway.replace(Gate.open(engine, host(NOBODY_ASKED)));
    } else {
      LogLine why = last(engine.log());
      problem = why == null ? "The engine did not open." : why.text();
      gateway.replace(
          Gate.closed(
              Routes.of(engine.routes()),
              why == null || why.code() == null ? "config-invalid" : why.code()));
    }
  }

  private static LogLine last(List<LogLine> lines) {
    return lines.isEmpty() ? null : lines.get(lines.size() - 1);
  }

  private void complain(String what) {
    if (!what.equals(problem)) {
      problem = what;
      Log.line(Level.SEVERE, what);
    }
  }

  private Host host(UserDirectory users) {
    return new Host(
        HttpsFetcher.forAdministrators(Boolean.getBoolean(DEVELOPMENT)), users, oneTime, settings);
  }

  /** Tells the engine what happened; null when there is none. */
  Action ask(Event event, UserDirectory users) {
    return gateway.ask(event, host(users));
  }

  Action ask(Event event) {
    return ask(event, NOBODY_ASKED);
  }

  /** The button for the login pages; null while nobody can sign in. */
  LoginButton button() {
    Gate now = gateway.now();
    return now.isOpen() && now.engine().isArmed() ? now.engine().loginButton() : null;
  }

  int maxFormBytes() {
    return gateway.now().routes().maxFormBytes();
  }

  String whyClosed() {
    return gateway.whyClosed();
  }

  /** Why there is no engine, for an administrator; none when there is one. */
  List<String> problems() {
    String now = problem;
    return now == null ? Collections.<String>emptyList() : Collections.singletonList(now);
  }

  /** Ends the thread and closes the engine; requests that are inside finish. */
  void stop() {
    Clockwork running;
    synchronized (this) {
      running = clock;
      clock = null;
    }
    if (running != null) {
      running.stop();
    }
    synchronized (this) {
      openedOn = null;
      gateway.replace(Gate.closed(Routes.closed(), "handle-closed"));
    }
    sessions.forgetAll();
  }
}
