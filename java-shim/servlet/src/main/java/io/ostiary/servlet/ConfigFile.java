package io.ostiary.servlet;

import io.ostiary.bridge.FileSettingsStore;
import io.ostiary.bridge.SettingsStore;
import io.ostiary.web.Hex;
import java.io.File;
import java.io.IOException;

/**
 * The configuration file as one engine knows it. An engine saves its whole configuration, so it
 * must never do that over an edit that it has not seen: saving is refused then, and the keeper
 * opens an engine on the new content within seconds.
 */
final class ConfigFile implements SettingsStore {

  private final File file;
  private String known;

  /**
   * @param content what the engine was opened with
   */
  ConfigFile(File file, String content) {
    this.file = file;
    this.known = Hex.sha256(content);
  }

  /** The content, or null when there is no such file. */
  static String read(File file) throws IOException {
    return new FileSettingsStore(file).load();
  }

  /** Whether this is what the engine runs on. */
  synchronized boolean isKnown(String content) {
    return known.equals(Hex.sha256(content));
  }

  @Override
  public String load() throws IOException {
    return read(file);
  }

  @Override
  public synchronized void save(String settings) throws IOException {
    String now = load();
    if (now == null || !isKnown(now)) {
      throw new IOException("the configuration file was changed meanwhile and is read again first");
    }
    // Where the name is a link, the file behind it is replaced and not the link.
    new FileSettingsStore(file.getCanonicalFile()).save(settings);
    known = Hex.sha256(settings);
  }
}
