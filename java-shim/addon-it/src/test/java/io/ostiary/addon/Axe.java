package io.ostiary.addon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Judges a page by the rules of WCAG 2.0 to 2.2, levels A and AA, with axe-core. */
final class Axe {

  private static final String JUDGE =
      """
      const done = arguments[arguments.length - 1];
      axe.run({include: arguments[0]}, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
        resultTypes: ['violations', 'passes']
      }).then(found => done({
        passed: found.passes.length,
        violations: found.violations.flatMap(one =>
          one.nodes.map(node => one.id + ': ' + one.help + ': ' + node.html))
      }), error => done({passed: 0, violations: [String(error)]}));
      """;

  private Axe() {}

  /** The elements, and what is in them, violate no rule. */
  static void hasNothingAgainst(Chrome chrome, String... selectors) {
    for (String selector : selectors) {
      assertThat(chrome.has(selector)).as(selector + " is on " + chrome.address()).isTrue();
    }
    chrome.script(source());
    Object found = chrome.scriptWithCallback(JUDGE, List.of(selectors));
    assertThat(found)
        .extracting("violations")
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
        .isEmpty();
    assertThat(found)
        .extracting("passed")
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LONG)
        .as("rules that had something to judge")
        .isPositive();
  }

  private static String source() {
    try (InputStream in = Axe.class.getResourceAsStream("/axe.min.js")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
