package io.ostiary.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import org.junit.jupiter.api.Test;

class FilterLogTest {

  @Test
  void maps_the_levels() {
    assertThat(FilterLog.level("info")).isEqualTo(Level.INFO);
    assertThat(FilterLog.level("warn")).isEqualTo(Level.WARNING);
    assertThat(FilterLog.level("error")).isEqualTo(Level.SEVERE);
  }

  @Test
  void keeps_a_line_one_line() {
    assertThat(FilterLog.oneLine("a\r\nSEVERE: b\u0085c\u2028d")).isEqualTo("a  SEVERE: b c d");
  }
}
