package io.ostiary.web;

import io.ostiary.bridge.Action;
import io.ostiary.bridge.Event;
import io.ostiary.bridge.Host;

/** Where requests go through: the gate of now, which a keeper replaces while they do. */
public final class Gateway {

  private volatile Gate gate = Gate.closed(Routes.closed(), "config-unreadable");

  /** The gate of now. Whoever uses its engine goes through {@link #ask(Event)} instead. */
  public Gate now() {
    return gate;
  }

  /** Requests that are inside the gate before finish there. */
  public void replace(Gate next) {
    Gate old = gate;
    gate = next;
    old.leave();
  }

  /** The code that says why there is no engine. */
  public String whyClosed() {
    String code = gate.whyClosed();
    return code == null ? "handle-closed" : code;
  }

  /**
   * Tells the engine what happened. What it says for the log is in the log already. Null when there
   * is no engine.
   */
  public Action ask(Event event) {
    return ask(event, null);
  }

  /**
   * As {@link #ask(Event)}.
   *
   * @param host what answers the engine's questions about this event; null for the gate's own
   */
  public Action ask(Event event, Host host) {
    Gate entered = enter();
    try {
      if (!entered.isOpen()) {
        return null;
      }
      Action action = entered.engine().handle(event, host == null ? entered.host() : host);
      Log.lines(action.log());
      return action;
    } finally {
      entered.leave();
    }
  }

  private Gate enter() {
    for (Gate now = gate; ; now = gate) {
      if (now.enter()) {
        return now;
      }
    }
  }
}
