package io.ostiary.e2e.interop;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A realm of Keycloak for one application, which is set up as an administrator does it: by
 * importing the application's metadata.
 */
final class Realm {

  static final String USER = "b.simon";
  static final String DISABLED = "d.disabled";

  /** Keycloak lets this one in, the application does not. */
  static final String INACTIVE_HERE = "i.inactive";

  /** Those whose sessions end; each has one at a time. */
  static final String LEAVES_HERE = "l.here";

  static final String LEAVES_THERE = "l.there";
  static final String IS_THROWN_OUT = "t.thrown";

  private static final String KEY_PROVIDER = "org.keycloak.keys.KeyProvider";

  private final Keycloak keycloak;
  private final String name;
  private final String password = Secrets.random();
  private Map<String, Object> imported;
  private String clientUuid;

  Realm(Keycloak keycloak, String name) throws IOException, InterruptedException {
    this.keycloak = keycloak;
    this.name = name;
    keycloak.post(
        "",
        Map.of(
            "realm",
            name,
            "enabled",
            true,
            "sslRequired",
            "none",
            "users",
            List.of(
                user(USER, true),
                user(DISABLED, false),
                user(INACTIVE_HERE, true),
                user(LEAVES_HERE, true),
                user(LEAVES_THERE, true),
                user(IS_THROWN_OUT, true))));
  }

  private Map<String, Object> user(String id, boolean enabled) {
    return Map.of(
        "username",
        id,
        "email",
        id + "@contoso.example",
        "emailVerified",
        true,
        "firstName",
        "B\u00e9la",
        "lastName",
        "Simon",
        "enabled",
        enabled,
        "credentials",
        List.of(Map.of("type", "password", "value", password, "temporary", false)));
  }

  String password() {
    return password;
  }

  /** The address, without a slash at the end; it is the entity ID as well. */
  String url() {
    return keycloak.url() + "/realms/" + name;
  }

  String metadataUrl() {
    return url() + "/protocol/saml/descriptor";
  }

  String metadata() throws IOException, InterruptedException {
    return keycloak.page("/realms/" + name + "/protocol/saml/descriptor");
  }

  /** Registers the application by its metadata and changes nothing else. */
  void register(String metadata) throws IOException, InterruptedException {
    imported =
        keycloak.convert("/" + name + "/client-description-converter", metadata, "application/xml");
    keycloak.post("/" + name + "/clients", imported);
    String clientId = URLEncoder.encode((String) imported.get("clientId"), StandardCharsets.UTF_8);
    List<Map<String, Object>> found = keycloak.get("/" + name + "/clients?clientId=" + clientId);
    clientUuid = (String) found.get(0).get("id");
  }

  /** What Keycloak made of the application's metadata. */
  Map<String, String> importedAttributes() {
    Map<String, String> attributes = new HashMap<>();
    for (Map.Entry<?, ?> entry : ((Map<?, ?>) imported.get("attributes")).entrySet()) {
      attributes.put(String.valueOf(entry.getKey()), String.valueOf(entry.getValue()));
    }
    return attributes;
  }

  /** The application as imported, with these attributes instead of its own. */
  void configure(Map<String, String> attributes) throws IOException, InterruptedException {
    Map<String, String> all = importedAttributes();
    all.putAll(attributes);
    Map<String, Object> client = new HashMap<>(imported);
    client.put("attributes", all);
    keycloak.put("/" + name + "/clients/" + clientUuid, client);
  }

  /** From now on Keycloak's server tells the application itself; by default the browser does. */
  void logOutWithoutBrowser() throws IOException, InterruptedException {
    Map<String, Object> client = new HashMap<>(imported);
    client.put("frontchannelLogout", false);
    keycloak.put("/" + name + "/clients/" + clientUuid, client);
  }

  /**
   * From now on the application has another client ID, which is what Keycloak names as audience.
   */
  void rename(String clientId) throws IOException, InterruptedException {
    Map<String, Object> client = new HashMap<>(imported);
    client.put("clientId", clientId);
    keycloak.put("/" + name + "/clients/" + clientUuid, client);
  }

  /** A certificate that is not the application's: the realm's own. */
  String foreignCertificate() throws IOException, InterruptedException {
    Map<String, Object> keys = keycloak.get("/" + name + "/keys");
    for (Object key : (List<?>) keys.get("keys")) {
      Object certificate = ((Map<?, ?>) key).get("certificate");
      if (certificate != null) {
        return (String) certificate;
      }
    }
    throw new IOException("the realm has no certificate");
  }

  /** Adds a key that signs from now on; those before it stay known. */
  void addSigningKey() throws IOException, InterruptedException {
    Map<String, Object> realm = keycloak.get("/" + name);
    keycloak.post(
        "/" + name + "/components",
        Map.of(
            "name",
            "rotated",
            "providerId",
            "rsa-generated",
            "providerType",
            KEY_PROVIDER,
            "parentId",
            realm.get("id"),
            "config",
            Map.of(
                "priority",
                List.of("200"),
                "enabled",
                List.of("true"),
                "active",
                List.of("true"),
                "algorithm",
                List.of("RS256"),
                "keySize",
                List.of("2048"))));
  }

  /** Removes the signing keys that the realm had from the beginning. */
  void removeOldSigningKeys() throws IOException, InterruptedException {
    List<Map<String, Object>> providers =
        keycloak.get("/" + name + "/components?type=" + KEY_PROVIDER);
    for (Map<String, Object> provider : providers) {
      if ("rsa-generated".equals(provider.get("providerId"))
          && !"rotated".equals(provider.get("name"))) {
        keycloak.delete("/" + name + "/components/" + provider.get("id"));
      }
    }
  }

  /** How many sessions the user has at Keycloak. */
  int sessionsOf(String user) throws IOException, InterruptedException {
    List<Object> sessions = keycloak.get("/" + name + "/users/" + idOf(user) + "/sessions");
    return sessions.size();
  }

  /** An administrator ends all sessions of the user; no browser takes part. */
  void signOut(String user) throws IOException, InterruptedException {
    keycloak.post("/" + name + "/users/" + idOf(user) + "/logout", Map.of());
  }

  private String idOf(String user) throws IOException, InterruptedException {
    List<Map<String, Object>> found =
        keycloak.get("/" + name + "/users?exact=true&username=" + user);
    return (String) found.get(0).get("id");
  }
}
