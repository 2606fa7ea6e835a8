package io.ostiary.web;

import io.ostiary.bridge.Engine;
import io.ostiary.bridge.Host;
import java.util.concurrent.atomic.AtomicInteger;

/** One engine with its routes, kept open until the last request that uses it has gone through. */
public final class Gate {

  private final Engine engine;
  private final Host host;
  private final Routes routes;
  private final String whyClosed;

  /** Requests inside, and one for the keeper. */
  private final AtomicInteger users = new AtomicInteger(1);

  private Gate(Engine engine, Host host, Routes routes, String whyClosed) {
    this.engine = engine;
    this.host = host;
    this.routes = routes;
    this.whyClosed = whyClosed;
  }

  /** A gate in front of an open engine. */
  public static Gate open(Engine engine, Host host) {
    return new Gate(engine, host, Routes.of(engine.routes()), null);
  }

  /** A gate without engine: nobody signs in, and what is not open stays shut. */
  public static Gate closed(Routes routes, String code) {
    return new Gate(null, null, routes, code);
  }

  /** Whether there is an engine. */
  public boolean isOpen() {
    return engine != null;
  }

  /** The engine; null for a closed gate. */
  public Engine engine() {
    return engine;
  }

  /** What answers the engine's questions; null for a closed gate. */
  public Host host() {
    return host;
  }

  /** The engine's routes. */
  public Routes routes() {
    return routes;
  }

  /** The code that says why there is no engine; null when there is one. */
  public String whyClosed() {
    return whyClosed;
  }

  /** Keeps the engine open until {@link #leave}; false when it is too late for that. */
  public boolean enter() {
    for (int inside = users.get(); inside > 0; inside = users.get()) {
      if (users.compareAndSet(inside, inside + 1)) {
        return true;
      }
    }
    return false;
  }

  /** The last one out closes the engine. The keeper leaves when it has another gate. */
  public void leave() {
    if (users.decrementAndGet() == 0 && engine != null) {
      engine.close();
    }
  }
}
