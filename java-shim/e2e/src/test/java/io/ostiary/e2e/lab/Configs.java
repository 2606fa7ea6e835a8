package io.ostiary.e2e.lab;

import java.util.function.IntFunction;

/** Configurations of the lab. */
final class Configs {

  private Configs() {}

  /** {@code /public/*} is open. */
  static IntFunction<String> of(String contextPath, String idpMetadata) {
    return of(contextPath, idpMetadata, true);
  }

  /** As before; without protection nothing is stopped. */
  static IntFunction<String> of(String contextPath, String idpMetadata, boolean protect) {
    return port ->
        """
        {
          "sp": {
            "entity_id": "http://localhost:%1$d%2$s/",
            "acs_url": "http://localhost:%1$d%2$s%3$s"
          },
          "idp": {"metadata_url": "%4$s"},
          "access": {"protect": %5$s, "open": ["/public/*"], "home": "/public/who"},
          "development": true
        }
        """
            .formatted(port, contextPath, Lab.SIGN_ON, idpMetadata, protect);
  }
}
