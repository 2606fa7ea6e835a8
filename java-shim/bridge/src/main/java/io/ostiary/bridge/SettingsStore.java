package io.ostiary.bridge;

import java.io.IOException;

/** Keeps the configuration, which includes the keys of this installation. */
public interface SettingsStore {
  /** The configuration (JSON), or null when none was saved yet. */
  String load() throws IOException;

  /** Replaces the configuration as a whole: afterwards either the old or the new one is there. */
  void save(String settings) throws IOException;
}
