package io.ostiary.standin.host;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The host's components, as the products' own look-up classes find them. */
public final class Components {

  private static final Map<Class<?>, Object> BY_TYPE = new ConcurrentHashMap<>();
  private static final Map<String, Object> BY_NAME = new ConcurrentHashMap<>();

  private Components() {}

  public static <T> void add(String name, Class<T> type, T component) {
    BY_TYPE.put(type, component);
    BY_NAME.put(name, component);
  }

  public static <T> T byType(Class<T> type) {
    return type.cast(BY_TYPE.get(type));
  }

  public static Object byName(String name) {
    return BY_NAME.get(name);
  }
}
