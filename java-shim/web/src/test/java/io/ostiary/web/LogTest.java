package io.ostiary.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import org.junit.jupiter.api.Test;

class LogTest {

  @Test
  void maps_the_levels() {
    assertThat(Log.level("info")).isEqualTo(Level.INFO);
    assertThat(Log.level("warn")).isEqualTo(Level.WARNING);
    assertThat(Log.level("error")).isEqualTo(Level.SEVERE);
  }

  @Test
  void keeps_a_line_one_line() {
    assertThat(Log.oneLine("a\r\nSEVERE: b\u0085c\u2028d")).isEqualTo("a  SEVERE: b c d");
  }
}
