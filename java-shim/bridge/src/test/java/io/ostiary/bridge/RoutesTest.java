package io.ostiary.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RoutesTest {
  @Test
  void readsWhatAConfigurationOpensWhereThereIsNoLibrary() {
    Routes routes =
        Routes.ofConfiguration(
            "{\"access\":{\"protect\":true,\"open\":[\"/public/*\",\"/health\"]}}");
    assertThat(routes.protect()).isTrue();
    assertThat(routes.open()).containsExactly("/public/*", "/health");
    assertThat(routes.own()).isEmpty();
    assertThat(Routes.ofConfiguration("{\"access\":{\"protect\":false}}").protect()).isFalse();
  }

  @Test
  void opensNothingWhereTheConfigurationCannotBeRead() {
    for (String config :
        new String[] {
          "",
          "{",
          "[]",
          "7",
          "{}",
          "{\"access\":7}",
          "{\"access\":{\"open\":\"/*\"}}",
          "{\"access\":{\"protect\":[]}}"
        }) {
      Routes routes = Routes.ofConfiguration(config);
      assertThat(routes.protect()).as(config).isTrue();
      assertThat(routes.open()).as(config).isEmpty();
    }
  }
}
