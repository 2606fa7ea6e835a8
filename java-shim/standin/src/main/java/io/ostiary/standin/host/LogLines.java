package io.ostiary.standin.host;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Everything that is logged, on the standard error and in the record. */
final class LogLines extends Handler {

  private final Journal record;
  private final SimpleFormatter formatter = new SimpleFormatter();

  private LogLines(Journal record) {
    this.record = record;
  }

  static LogLines into(Journal record) {
    LogLines lines = new LogLines(record);
    Logger root = Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      if (!handler.getClass().getName().equals(LogLines.class.getName())) {
        root.removeHandler(handler);
      }
    }
    root.addHandler(lines);
    return lines;
  }

  @Override
  public void publish(LogRecord line) {
    if (line.getLevel().intValue() < Level.INFO.intValue()) {
      return;
    }
    String text = formatter.formatMessage(line) + trace(line.getThrown());
    record.add(
        "log",
        Map.of(
            "level", line.getLevel().getName(),
            "logger", String.valueOf(line.getLoggerName()),
            "text", text));
    System.err.println(
        Instant.now() + " " + line.getLevel() + " " + line.getLoggerName() + " " + text);
  }

  @Override
  public void flush() {
    System.err.flush();
  }

  @Override
  public void close() {
    Logger.getLogger("").removeHandler(this);
  }

  private static String trace(Throwable thrown) {
    if (thrown == null) {
      return "";
    }
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text, true));
    return "\n" + text;
  }
}
