package io.ostiary.bridge;

import com.eclipsesource.json.JsonObject;
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

  static Routes read(JsonObject answer) {
    JsonObject routes = Utf8.object(answer, "routes");
    if (routes == null) {
      return none();
    }
    return new Routes(
        Utf8.strings(Utf8.array(routes, "own")), routes.getBoolean("protect", true), Utf8.strings(Utf8.array(routes, "open")), routes.getInt("max_form_bytes", 0));
  }

  /** Paths that always go to the engine. */
  public List<String> own() {
    return own;
  }

  /** Whether requests of visitors who are not signed in go to the engine unless their path is open. */
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
