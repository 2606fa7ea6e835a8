package io.ostiary.bridge;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;

/** Configurations, requests and hosts of the tests. */
final class Scenes {
  /** A self-signed RSA-2048 certificate; its private key was thrown away. */
  static final String CERTIFICATE = Certificates.make();

  private Scenes() {}

  static String config(String entityId) {
    return new JsonObject()
        .add("sp", new JsonObject().add("entity_id", entityId).add("acs_url", "https://jira.example.com/plugins/servlet/saml/auth"))
        .add(
            "idp",
            new JsonObject()
                .add("entity_id", "https://sts.windows.net/0f3b6a4e/")
                .add("sso_url", "https://login.example.com/saml2")
                .add("certificates", new JsonArray().add(CERTIFICATE)))
        .toString();
  }

  static Host host() {
    return new Host(new HttpsFetcher(), UserDirectory.EVERYBODY, new InMemoryOneTimeStore(), new InMemorySettingsStore());
  }

  static Event get(String path) {
    return Event.request("GET", "https://jira.example.com" + path, path).header("accept", "text/html").header("sec-fetch-mode", "navigate").build();
  }
}
