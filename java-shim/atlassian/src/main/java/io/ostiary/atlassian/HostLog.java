package io.ostiary.atlassian;

import io.ostiary.web.Log;
import java.util.logging.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log of the host. */
final class HostLog implements Log.Sink {

  private static final Logger LOGGER = LoggerFactory.getLogger("io.ostiary");

  private HostLog() {}

  /** Where the host has slf4j, lines go there from now on. */
  static void use() {
    try {
      Log.to(new HostLog());
    } catch (LinkageError absent) {
      Log.to(null);
    }
  }

  @Override
  public void log(Level level, String line, Throwable thrown) {
    if (level.equals(Level.SEVERE)) {
      LOGGER.error(line, thrown);
    } else if (level.equals(Level.WARNING)) {
      LOGGER.warn(line, thrown);
    } else {
      LOGGER.info(line, thrown);
    }
  }
}
