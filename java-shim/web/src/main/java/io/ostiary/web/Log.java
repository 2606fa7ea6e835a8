package io.ostiary.web;

import io.ostiary.bridge.LogLine;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Writes to the logger {@code io.ostiary}, of java.util.logging unless the host has another, each
 * line once.
 */
public final class Log {

  private static final Logger LOGGER = Logger.getLogger("io.ostiary");

  /** Said outright, or every line would be from this class. */
  private static final String SOURCE = "io.ostiary.servlet.SsoFilter";

  /** Another place for the lines. */
  public interface Sink {
    /**
     * Takes a line.
     *
     * @param thrown a defect's, or null
     */
    void log(Level level, String line, Throwable thrown);
  }

  private static volatile Sink sink;

  private Log() {}

  /** From now on lines go there; null for java.util.logging. */
  public static void to(Sink other) {
    sink = other;
  }

  /** The lines that came with an answer of the engine. */
  public static void lines(List<LogLine> lines) {
    for (LogLine line : lines) {
      line(level(line.level()), line.toString());
    }
  }

  /** One line; whatever is in the text, it stays one. */
  public static void line(Level level, String text) {
    log(level, oneLine(text), null);
  }

  /** A defect of ours, with its stack. */
  public static void defect(String what, Throwable thrown) {
    log(Level.SEVERE, "internal: " + what, thrown);
  }

  private static void log(Level level, String line, Throwable thrown) {
    Sink other = sink;
    if (other != null) {
      other.log(level, line, thrown);
    } else if (LOGGER.isLoggable(level)) {
      LOGGER.logp(level, SOURCE, null, line, thrown);
    }
  }

  public static Level level(String name) {
    if ("error".equals(name)) {
      return Level.SEVERE;
    }
    return "warn".equals(name) ? Level.WARNING : Level.INFO;
  }

  public static String oneLine(String text) {
    StringBuilder line = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      line.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? ' ' : c);
    }
    return line.toString();
  }
}
