package io.ostiary.servlet;

import io.ostiary.bridge.Engine;
import io.ostiary.bridge.Host;
import java.util.concurrent.atomic.AtomicInteger;

/** One engine with its routes, kept open until the last request that uses it has gone through. */
final class Gate {

  private final Engine engine;
  private final Host host;
  private final ConfigFile config;
  private final Routes routes;
  private final String whyClosed;

  /** Requests inside, and one for the keeper. */
  private final AtomicInteger users = new AtomicInteger(1);

  private Gate(Engine engine, Host host, ConfigFile config, Routes routes, String whyClosed) {
    this.engine = engine;
    this.host = host;
    this.config = config;
    this.routes = routes;
    this.whyClosed = whyClosed;
  }

  static Gate open(Engine engine, Host host, ConfigFile config) {
    return new Gate(engine, host, config, Routes.of(engine.routes()), null);
  }

  /** A gate without engine: nobody signs in, and what is not open stays shut. */
  static Gate closed(Routes routes, String code) {
    return new Gate(null, null, null, routes, code);
  }

  boolean isOpen() {
    return engine != null;
  }

  Engine engine() {
    return engine;
  }

  Host host() {
    return host;
  }

  /** The configuration as this engine knows it; null for a closed gate. */
  ConfigFile config() {
    return config;
  }

  Routes routes() {
    return routes;
  }

  /** The code that says why there is no engine; null when there is one. */
  String whyClosed() {
    return whyClosed;
  }

  /** Keeps the engine open until {@link #leave}; false when it is too late for that. */
  boolean enter() {
    for (int inside = users.get(); inside > 0; inside = users.get()) {
      if (users.compareAndSet(inside, inside + 1)) {
        return true;
      }
    }
    return false;
  }

  /** The last one out closes the engine. The keeper leaves when it has another gate. */
  void leave() {
    if (users.decrementAndGet() == 0 && engine != null) {
      engine.close();
    }
  }
}
