package io.ostiary.bridge;

import java.util.Collections;
import java.util.List;

/** Which requests an engine wants to see. Paths are inside the application's context. */
public final class Routes {
  private final List<String> own;
  private final boolean protect;
  private final List<String> open;
  private final int maxFormBytes;

  private Routes(List<String> own, boolean protect, List<String> open, int maxFormBytes) {
    this.own = own;
    this.protect = protect;
    this.open = open;
    this.maxFormBytes = maxFormBytes;
  }

  /** For an engine that does not exist: it owns nothing and opens nothing. */
  static Routes none() {
    return new Routes(Collections.<String>emptyList(), true, Collections.<String>emptyList(), 0);
  }

  static Routes read(Json answer) {
    Json routes = answer.object("routes");
    if (routes == null) {
      return none();
    }
    return new Routes(
        routes.texts("own"),
        routes.flag("protect", true),
        routes.texts("open"),
        routes.integer("max_form_bytes", 0));
  }

  /**
   * What a configuration itself opens, for a host without the library: nothing is the engine's own.
   * One that cannot be read opens nothing.
   */
  static Routes ofConfiguration(String config) {
    try {
      Json access = Json.parse(config).object("access");
      return access == null
          ? none()
          : new Routes(
              Collections.<String>emptyList(),
              access.flag("protect", true),
              access.texts("open"),
              0);
    } catch (RuntimeException notReadable) {
      return none();
    }
  }

  /** Paths that always go to the engine. */
  public List<String> own() {
    return own;
  }

  /**
   * Whether requests of visitors who are not signed in go to the engine unless their path is open.
   */
  public boolean protect() {
    return protect;
  }

  /** The exceptions: exact paths, and prefixes that end in {@code /*}. */
  public List<String> open() {
    return open;
  }

  /** The largest form body that is passed on. */
  public int maxFormBytes() {
    return maxFormBytes;
  }
}
