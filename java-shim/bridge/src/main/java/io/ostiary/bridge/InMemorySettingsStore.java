package io.ostiary.bridge;

/** Settings that live as long as the process: sign-ins under way do not survive a restart. */
public final class InMemorySettingsStore implements SettingsStore {
  private String settings;

  @Override
  public synchronized String load() {
    return settings;
  }

  @Override
  public synchronized void save(String settings) {
    this.settings = settings;
  }

  /** Says nothing: settings hold keys. */
  @Override
  public String toString() {
    return "InMemorySettingsStore";
  }
}
