package io.ostiary.standin.host;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happened, for tests to ask: violations, events, and more kinds of the like. */
public final class Journal {

  private static final Logger LOG = LoggerFactory.getLogger("standin");
  private static final int KEPT = 2000;

  private final Map<String, Deque<Map<String, String>>> lists = new TreeMap<>();

  /** A plug-in did what the profile does not have or allow. */
  public void violation(String kind, String text) {
    LOG.error("VIOLATION {}: {}", kind, text);
    add("violations", Map.of("kind", kind, "text", text));
  }

  public void event(String text) {
    add("events", Map.of("text", text));
  }

  public synchronized void add(String list, Map<String, String> entry) {
    Deque<Map<String, String>> entries = lists.computeIfAbsent(list, name -> new ArrayDeque<>());
    Map<String, String> timed = new TreeMap<>(entry);
    timed.put("at", Instant.now().toString());
    entries.addLast(timed);
    if (entries.size() > KEPT) {
      entries.removeFirst();
    }
  }

  public synchronized List<Map<String, String>> list(String list) {
    return new ArrayList<>(lists.getOrDefault(list, new ArrayDeque<>()));
  }

  public synchronized void clear(String list) {
    lists.remove(list);
  }
}
