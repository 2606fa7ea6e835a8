package io.ostiary.standin.sal;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/** One file for each setting in the nodes' common folder: a stand-in for the database. */
public final class SettingsStore {

  private final Gson gson = new GsonBuilder().disableHtmlEscaping().create();
  private final Path directory;

  public SettingsStore(Path directory) {
    this.directory = directory;
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The value, or null. */
  public Object read(String key) {
    Entry entry = entry(file(key));
    return entry == null ? null : entry.value();
  }

  /** All values by key. */
  public Map<String, Object> all() {
    Map<String, Object> all = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".json")).toList()) {
        Entry entry = entry(file);
        if (entry != null) {
          all.put(entry.key, entry.value());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  public void write(String key, Object value) {
    Path next = directory.resolve(UUID.randomUUID() + ".next");
    try {
      Files.writeString(next, gson.toJson(Entry.of(key, value)), StandardCharsets.UTF_8);
      Files.move(next, file(key), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void delete(String key) {
    try {
      Files.deleteIfExists(file(key));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Entry entry(Path file) {
    try {
      return gson.fromJson(Files.readString(file, StandardCharsets.UTF_8), Entry.class);
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path file(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return directory.resolve(HexFormat.of().formatHex(hash) + ".json");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A setting as it lies in its file. */
  private static final class Entry {

    private String key;
    private String text;
    private List<String> list;
    private Map<String, String> map;
    private boolean properties;

    static Entry of(String key, Object value) {
      Entry entry = new Entry();
      entry.key = key;
      if (value instanceof String text) {
        entry.text = text;
      } else if (value instanceof List<?> list) {
        entry.list = list.stream().map(String.class::cast).toList();
      } else {
        entry.map = new HashMap<>();
        entry.properties = value instanceof Properties;
        ((Map<?, ?>) value).forEach((name, text) -> entry.map.put((String) name, (String) text));
      }
      return entry;
    }

    Object value() {
      if (text != null) {
        return text;
      }
      if (list != null) {
        return new ArrayList<>(list);
      }
      if (properties) {
        Properties all = new Properties();
        all.putAll(map);
        return all;
      }
      return new HashMap<>(map);
    }
  }
}
