package io.ostiary.atlassian;

import io.ostiary.bridge.AddonDocument;
import io.ostiary.bridge.SettingsStore;
import java.io.IOException;
import java.util.concurrent.Callable;

/**
 * The settings in the host's own store, which all nodes share. What is secret lies under a key of
 * its own, so that whoever exports or prints the settings has no secret in hand.
 */
final class HostSettings implements SettingsStore {

  static final String SETTINGS = "io.ostiary.settings";
  static final String KEYS = "io.ostiary.keys";

  /** What the hosts' stores hold in one value. */
  static final int MOST_CHARACTERS = 99000;

  private final Sal sal;

  HostSettings(Sal sal) {
    this.sal = sal;
  }

  /** The settings without secrets, or null when none were saved. Cheap enough for every request. */
  String settings() throws IOException {
    return read(SETTINGS);
  }

  /** The secrets, or null when none were saved. */
  String keys() throws IOException {
    return read(KEYS);
  }

  @Override
  public String load() throws IOException {
    return settings();
  }

  /**
   * Replaces settings and secrets, if nobody else did so since.
   *
   * @throws IOException when the stored revision is not the one before, when they do not fit, or
   *     when the host's store fails
   */
  @Override
  public synchronized void save(String document) throws IOException {
    final String settings = AddonDocument.settingsOf(document);
    final String keys = AddonDocument.keysOf(document);
    fits("The settings", settings);
    fits("The keys", keys);
    final long next = AddonDocument.revisionOf(settings);
    transaction(
        new Callable<Void>() {
          @Override
          public Void call() throws Exception {
            Object store = sal.globalSettings();
            long stored = AddonDocument.revisionOf((String) Reflect.call(store, "get", SETTINGS));
            if (stored + 1 != next) {
              throw new IOException(
                  "The settings were changed meanwhile: revision " + stored + " is stored.");
            }
            Reflect.call(store, "put", KEYS, keys);
            Reflect.call(store, "put", SETTINGS, settings);
            return null;
          }
        });
  }

  private static void fits(String what, String text) throws IOException {
    if (text.length() > MOST_CHARACTERS) {
      throw new IOException(
          what
              + " have "
              + text.length()
              + " characters, and this host stores at most "
              + MOST_CHARACTERS
              + ".");
    }
  }

  private String read(final String key) throws IOException {
    return transaction(
        new Callable<String>() {
          @Override
          public String call() throws Exception {
            return (String) Reflect.call(sal.globalSettings(), "get", key);
          }
        });
  }

  private <T> T transaction(Callable<T> work) throws IOException {
    try {
      return sal.inTransaction(work);
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("The host's settings store failed: " + e.getMessage(), e);
    }
  }
}
