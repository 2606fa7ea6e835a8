package io.ostiary.servlet;

import io.ostiary.bridge.Action;
import io.ostiary.bridge.Engine;
import io.ostiary.bridge.Event;
import io.ostiary.bridge.Host;
import io.ostiary.bridge.HttpsFetcher;
import io.ostiary.bridge.LogLine;
import io.ostiary.bridge.OneTimeStore;
import io.ostiary.bridge.UserDirectory;
import io.ostiary.web.Clockwork;
import io.ostiary.web.Gate;
import io.ostiary.web.Gateway;
import io.ostiary.web.Hex;
import io.ostiary.web.Log;
import io.ostiary.web.Routes;
import java.io.File;
import java.io.IOException;
import java.util.logging.Level;

/**
 * Keeps one gate open: opens an engine on the configuration file, another when the file has
 * changed, and lets time pass for it.
 *
 * <p>It has one daemon thread, which ends with {@link #stop()}, so that the application's class
 * loader can go. (A fetch of metadata that is under way at that moment ends with its own timeout.)
 */
final class GateKeeper {

  private static final long LOOK_EVERY_SECONDS = 2;
  private static final long TICK_EVERY_SECONDS = 60;

  private final File file;
  private final UserDirectory users;
  private final OneTimeStore oneTime;
  private final Visitors visitors;

  private final Gateway gateway = new Gateway();
  private Clockwork clock;

  /** What the open engine runs on. */
  private ConfigFile config;

  /** What was last found wrong with the file, to say it once. */
  private String complaint;

  /**
   * @param file the configuration, or null when none was named
   */
  GateKeeper(File file, UserDirectory users, OneTimeStore oneTime, Visitors visitors) {
    this.file = file;
    this.users = users;
    this.oneTime = oneTime;
    this.visitors = visitors;
  }

  void start(String name) {
    look();
    clock = new Clockwork("ostiary-" + name);
    clock.every(LOOK_EVERY_SECONDS, LOOK_EVERY_SECONDS, new Looking());
    clock.every(0, TICK_EVERY_SECONDS, new Ticking());
  }

  Routes routes() {
    return gateway.now().routes();
  }

  String whyClosed() {
    return gateway.whyClosed();
  }

  /** See {@link Gateway#ask(Event)}. */
  Action ask(Event event) {
    return gateway.ask(event);
  }

  /** Opens an engine if the file says something that was not tried yet. */
  synchronized void look() {
    if (file == null) {
      complainOnce(
          "config-unreadable: no configuration is named; set the init-param or the system property "
              + SsoFilter.CONFIG);
      return;
    }
    String content;
    try {
      content = ConfigFile.read(file);
    } catch (IOException e) {
      complainOnce("config-unreadable: " + file + " cannot be read: " + e);
      return;
    }
    if (content == null) {
      complainOnce("config-unreadable: there is no file " + file);
      return;
    }
    if (gateway.now().isOpen() && config.isKnown(content)) {
      complaint = null;
    } else if (!Hex.sha256(content).equals(complaint)) {
      open(content);
    }
  }

  private void open(String content) {
    Engine engine = Engine.open(content);
    Log.lines(engine.log());
    if (engine.isOpen()) {
      complaint = null;
      config = new ConfigFile(file, content);
      gateway.replace(Gate.open(engine, new Host(new HttpsFetcher(), users, oneTime, config)));
      return;
    }
    complaint = Hex.sha256(content);
    if (gateway.now().isOpen()) {
      Log.line(
          Level.SEVERE,
          "config-invalid: "
              + file
              + " cannot be used as it is now; the configuration before it stays in force");
    } else {
      gateway.replace(Gate.closed(Routes.of(engine.routes()), codeOf(engine)));
    }
  }

  private static String codeOf(Engine closed) {
    String code = null;
    for (LogLine line : closed.log()) {
      code = line.code() == null ? code : line.code();
    }
    return code == null ? "config-invalid" : code;
  }

  private void complainOnce(String what) {
    if (!what.equals(complaint)) {
      complaint = what;
      Log.line(Level.SEVERE, what);
    }
  }

  /** Ends the thread and closes the engine; requests that are inside finish. */
  void stop() {
    clock.stop();
    synchronized (this) {
      gateway.replace(Gate.closed(Routes.closed(), "handle-closed"));
    }
  }

  private final class Looking implements Runnable {
    @Override
    public void run() {
      look();
      visitors.sweep();
    }
  }

  private final class Ticking implements Runnable {
    @Override
    public void run() {
      ask(Event.tick());
    }
  }
}
