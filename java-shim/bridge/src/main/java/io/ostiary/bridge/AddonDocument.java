package io.ostiary.bridge;

import java.util.List;

/**
 * Settings as an add-on stores them, and as it opens an engine with them (docs/wire.md, Add-ons).
 */
public final class AddonDocument {
  private static final String KEYS = "keys";

  private AddonDocument() {}

  /**
   * What to open an engine with.
   *
   * @param settings what is stored, or null
   * @param keys the stored secrets, or null
   * @param host the facts of the host
   */
  public static String toOpen(String settings, String keys, HostFacts host) {
    Json document = new Json();
    if (settings != null) {
      try {
        document = Json.parse(settings);
      } catch (IllegalArgumentException broken) {
        // A field that no document has: the engine opens without it and saves nothing by itself.
        document = new Json().put("unreadable", "The stored settings are not JSON.");
      }
    }
    if (keys != null) {
      try {
        document.put(KEYS, Json.parse(keys));
      } catch (IllegalArgumentException broken) {
        document.put(KEYS, "unreadable");
      }
    }
    return document.put("host", host.json).toString();
  }

  /** A saved document without its secrets. */
  public static String settingsOf(String document) {
    Json json = Json.parse(document);
    json.remove(KEYS);
    return json.toString();
  }

  /** The secrets of a saved document. */
  public static String keysOf(String document) {
    Json keys = Json.parse(document).object(KEYS);
    return keys == null ? "{}" : keys.toString();
  }

  /** The revision of stored settings; 0 where there are none, or none that can be read. */
  public static long revisionOf(String settings) {
    if (settings == null) {
      return 0;
    }
    try {
      return Json.parse(settings).number("revision", 0);
    } catch (RuntimeException broken) {
      return 0;
    }
  }

  /** Facts of the host. */
  public static final class HostFacts {
    private final Json json = new Json();

    /**
     * @param product {@code jira} or {@code confluence}
     * @param title what pages call the host
     * @param version the version of the host
     * @param addonVersion the version of the add-on
     */
    public HostFacts(String product, String title, String version, String addonVersion) {
      json.put("product", product)
          .put("title", title)
          .put("version", version)
          .put("addon_version", addonVersion);
    }

    /** The base URL as it is set, and the context path. */
    public HostFacts at(String baseUrl, String contextPath) {
      json.put("base_url", baseUrl).put("context_path", contextPath);
      return this;
    }

    /** Plain http on this machine is allowed. */
    public HostFacts development(boolean development) {
      json.put("development", development);
      return this;
    }

    /** Sentences for the configuration page. */
    public HostFacts problems(List<String> problems) {
      json.put("problems", problems);
      return this;
    }
  }
}
