package io.ostiary.standin.host;

import io.ostiary.standin.Profile;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How this host is set up; tests may change most of it while it runs. */
public final class Switches {

  private final Profile profile;
  private final Map<String, String> values;

  Switches(Profile profile, Map<String, String> options) {
    this.profile = profile;
    this.values = new ConcurrentHashMap<>(options);
  }

  public Profile profile() {
    return profile;
  }

  public void set(String name, String value) {
    values.put(name, value);
  }

  public Map<String, String> all() {
    return Map.copyOf(values);
  }

  /** The option, else the JVM's property of that name, else {@code otherwise}. */
  public String get(String name, String otherwise) {
    String value = values.get(name);
    return value != null ? value : System.getProperty(name, otherwise);
  }

  public boolean is(String name, boolean otherwise) {
    return Boolean.parseBoolean(get(name, String.valueOf(otherwise)));
  }

  /** What it says of itself; a version of tomorrow can be played, too. */
  public String version() {
    return get("host.version", profile.version());
  }

  public int port() {
    return Integer.parseInt(get("port", "0"));
  }

  /** "" or for example "/jira". */
  public String contextPath() {
    String path = get("context", "");
    return path.equals("/") ? "" : path;
  }

  /** The base URL that an administrator once typed, without slash at the end. */
  public String baseUrl() {
    String url = get("base-url", "");
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  public boolean isBaseUrlSecure() {
    return "https".equals(URI.create(baseUrl()).getScheme());
  }

  public Path home() {
    return Path.of(get("home", "")).toAbsolutePath();
  }

  /** The folder that nodes have in common: the home where there is one node. */
  public Path sharedHome() {
    String shared = get("shared-home", "");
    return shared.isEmpty() ? home() : Path.of(shared).toAbsolutePath();
  }

  public String node() {
    return get("node", "1");
  }

  /** Whether login pages are made by late scripts, in two steps. */
  public boolean isTwoStepLogin() {
    return get("login", profile.isPlatform7() ? "two-step" : "classic").equals("two-step");
  }

  public boolean isBasicAllowed() {
    return is("basic-auth", profile != Profile.JIRA_11);
  }

  public boolean isWebSudo() {
    return is("websudo", true);
  }

  /** Off by default since 2024; the oldest hosts know no such switch. */
  public boolean isUploadAllowed() {
    return is("upm.plugin.upload.enabled", profile.isOldest());
  }
}
