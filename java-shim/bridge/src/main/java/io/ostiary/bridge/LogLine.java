package io.ostiary.bridge;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One line for the host's log. The library has no logger of its own; its lines travel with its
 * answers.
 */
public final class LogLine {
  private final String level;
  private final String code;
  private final String text;
  private final String correlation;

  LogLine(String level, String code, String text, String correlation) {
    this.level = level;
    this.code = code;
    this.text = text;
    this.correlation = correlation;
  }

  static List<LogLine> read(Json answer) {
    List<LogLine> lines = new ArrayList<LogLine>();
    for (Json line : answer.objects("log")) {
      lines.add(
          new LogLine(
              line.text("level"), line.text("code"), line.text("text"), line.text("correlation")));
    }
    return Collections.unmodifiableList(lines);
  }

  /** {@code info}, {@code warn} or {@code error}. */
  public String level() {
    return level;
  }

  /** The stable code, or null. */
  public String code() {
    return code;
  }

  /** For an administrator; never a secret, never an assertion. */
  public String text() {
    return text;
  }

  /** Joins this line and the page that a visitor saw; may be null. */
  public String correlation() {
    return correlation;
  }

  @Override
  public String toString() {
    return (code == null ? "" : code + ": ")
        + text
        + (correlation == null ? "" : " [" + correlation + "]");
  }
}
