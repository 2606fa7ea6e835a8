package io.ostiary.bridge;

/** Configurations, requests and hosts of the tests. */
final class Scenes {
  static final String CERTIFICATE_PROPERTY = "ostiary.test.certificate";

  /**
   * A self-signed RSA-2048 certificate; its private key was thrown away. The class loaders of a JVM
   * share one: it takes a second to make.
   */
  static final String CERTIFICATE = certificate();

  private Scenes() {}

  private static synchronized String certificate() {
    if (System.getProperty(CERTIFICATE_PROPERTY) == null) {
      System.setProperty(CERTIFICATE_PROPERTY, Certificates.make());
    }
    return System.getProperty(CERTIFICATE_PROPERTY);
  }

  static String config(String entityId) {
    return """
        {
          "sp": {"entity_id": "%s", "acs_url": "https://jira.example.com/plugins/servlet/saml/auth"},
          "idp": {
            "entity_id": "https://sts.windows.net/0f3b6a4e/",
            "sso_url": "https://login.example.com/saml2",
            "certificates": ["%s"]
          }
        }
        """
        .formatted(entityId, CERTIFICATE);
  }

  static Host host() {
    return new Host(
        new HttpsFetcher(),
        UserDirectory.EVERYBODY,
        new InMemoryOneTimeStore(),
        new InMemorySettingsStore());
  }

  static Event get(String path) {
    return Event.request("GET", "https://jira.example.com" + path, path)
        .header("accept", "text/html")
        .header("sec-fetch-mode", "navigate")
        .build();
  }
}
