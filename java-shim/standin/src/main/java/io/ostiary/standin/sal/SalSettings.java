package io.ostiary.standin.sal;

import com.atlassian.sal.api.pluginsettings.PluginSettings;
import com.atlassian.sal.api.pluginsettings.PluginSettingsFactory;
import io.ostiary.standin.host.Callers;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Plug-in settings with the real limits; read through, so that every node sees a change at once.
 */
public final class SalSettings implements PluginSettingsFactory {

  private static final int LONGEST_KEY = 100;
  private static final int LONGEST_VALUE = 99_000;

  private final SettingsStore store;

  public SalSettings(SettingsStore store) {
    this.store = store;
  }

  @Override
  public PluginSettings createSettingsForKey(String key) {
    return new Settings(key == null ? "" : key + ":");
  }

  @Override
  public PluginSettings createGlobalSettings() {
    return new Settings("");
  }

  private final class Settings implements PluginSettings {

    private final String prefix;

    private Settings(String prefix) {
      this.prefix = prefix;
    }

    @Override
    public Object get(String key) {
      return store.read(checked(key));
    }

    @Override
    public Object put(String key, Object value) {
      String full = checked(key);
      Object before = store.read(full);
      if (value == null) {
        store.delete(full);
      } else {
        check(full, value);
        store.write(full, value);
      }
      return before;
    }

    @Override
    public Object remove(String key) {
      Object before = store.read(checked(key));
      store.delete(checked(key));
      return before;
    }

    private String checked(String key) {
      if (key == null || (prefix + key).length() > LONGEST_KEY) {
        throw refused("a settings key has at most " + LONGEST_KEY + " characters: " + key);
      }
      return prefix + key;
    }

    private void check(String key, Object value) {
      if (value instanceof String text) {
        length(key, text);
      } else if (value instanceof Properties properties) {
        properties.forEach((name, text) -> length(key, (String) text));
      } else if (value instanceof List<?> list) {
        list.forEach(text -> length(key, text));
      } else if (value instanceof Map<?, ?> map) {
        map.values().forEach(text -> length(key, text));
      } else {
        throw refused(key + " cannot be a " + value.getClass().getName());
      }
    }

    private void length(String key, Object value) {
      if (!(value instanceof String text) || text.length() > LONGEST_VALUE) {
        throw refused(key + ": a settings value is a String of at most " + LONGEST_VALUE);
      }
    }

    private IllegalArgumentException refused(String why) {
      Callers.violation("settings", why);
      return new IllegalArgumentException(why);
    }
  }
}
