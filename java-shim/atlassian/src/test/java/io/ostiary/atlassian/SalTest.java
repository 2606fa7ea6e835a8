package io.ostiary.atlassian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ostiary.bridge.AddonDocument;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import javax.servlet.http.HttpServletRequest;
import org.junit.jupiter.api.Test;

class SalTest {

  private static final String API = "com.atlassian.sal.api.";

  private final Map<String, Object> offered = new HashMap<>();
  private final HttpServletRequest request = Fakes.request(Map.of());

  private final Sal sal =
      new Sal(
          new Services() {
            @Override
            Object find(String name) {
              return offered.get(name);
            }
          });

  /** SAL 2.8. */
  public static final class OldUsers {
    public String getRemoteUsername(HttpServletRequest request) {
      return "admin";
    }

    public boolean isSystemAdmin(String name) {
      return name.equals("admin");
    }
  }

  /** SAL 2.10 and newer, after the string forms are gone. */
  public static final class NewUsers {
    public Profile getRemoteUser(HttpServletRequest request) {
      return new Profile();
    }

    public StringBuilder getRemoteUserKey(HttpServletRequest request) {
      return new StringBuilder("JIRAUSER10000");
    }

    public boolean isSystemAdmin(StringBuilder key) {
      return key.toString().equals("JIRAUSER10000");
    }
  }

  public static final class Profile {
    public String getUsername() {
      return "admin";
    }
  }

  public enum UrlMode {
    RELATIVE,
    CANONICAL
  }

  public static final class OldApplication {
    public String getBaseUrl() {
      return "https://old.example.com";
    }
  }

  public static final class NewApplication {
    public String getBaseUrl() {
      return "http://as-seen:8080";
    }

    public String getBaseUrl(UrlMode mode) {
      return mode == UrlMode.CANONICAL ? "https://new.example.com" : "";
    }
  }

  public static final class Factory {
    private final Map<String, Object> store = new HashMap<>();

    public Settings createGlobalSettings() {
      return new Settings(store);
    }
  }

  public static final class Settings {
    private final Map<String, Object> store;

    Settings(Map<String, Object> store) {
      this.store = store;
    }

    public Object get(String key) {
      return store.get(key);
    }

    public Object put(String key, Object value) {
      return store.put(key, value);
    }
  }

  @Test
  void knows_the_administrator_by_old_and_by_new_methods() throws HostException {
    for (Object users : new Object[] {new OldUsers(), new NewUsers()}) {
      offered.put(API + "user.UserManager", users);
      assertThat(sal.remoteUser(request)).isEqualTo("admin");
      assertThat(sal.isSystemAdmin(request)).isTrue();
    }
  }

  @Test
  void takes_the_canonical_base_url_where_there_is_a_choice() throws HostException {
    offered.put(API + "ApplicationProperties", new OldApplication());
    assertThat(sal.baseUrl()).isEqualTo("https://old.example.com");
    offered.put(API + "ApplicationProperties", new NewApplication());
    assertThat(sal.baseUrl()).isEqualTo("https://new.example.com");
  }

  @Test
  void names_the_service_or_method_that_a_host_lacks() {
    assertThatThrownBy(() -> sal.remoteUser(request))
        .isInstanceOf(HostLacks.class)
        .hasMessageContaining(API + "user.UserManager");
    offered.put(API + "user.UserManager", new Profile());
    assertThatThrownBy(() -> sal.remoteUser(request))
        .isInstanceOf(HostLacks.class)
        .hasMessageContaining("getRemoteUsername");
  }

  @Test
  void keeps_secrets_apart_and_counts_revisions() throws IOException {
    offered.put(API + "pluginsettings.PluginSettingsFactory", new Factory());
    HostSettings settings = new HostSettings(sal);
    assertThat(settings.settings()).isNull();
    settings.save("{\"revision\":1,\"keys\":{\"sealing\":\"secret\"},\"a\":1}");
    assertThat(settings.settings()).isEqualTo("{\"revision\":1,\"a\":1}");
    assertThat(settings.keys()).isEqualTo("{\"sealing\":\"secret\"}");
    assertThatThrownBy(() -> settings.save("{\"revision\":3}"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("revision 1");
    settings.save("{\"revision\":2}");
    assertThat(AddonDocument.revisionOf(settings.settings())).isEqualTo(2);
  }

  @Test
  void stores_nothing_that_the_host_would_cut() {
    Factory factory = new Factory();
    offered.put(API + "pluginsettings.PluginSettingsFactory", factory);
    HostSettings settings = new HostSettings(sal);
    String fits = "{\"revision\":1,\"a\":\"" + "x".repeat(99000 - 21) + "\"}";
    assertThat(fits).hasSize(99000);
    assertThatThrownBy(() -> settings.save(fits.replace("xx\"", "xxx\"")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("99000");
    assertThat(factory.store).isEmpty();
  }

  @Test
  void does_without_a_secure_administrator_session_only_where_the_host_has_none()
      throws HostException {
    assertThat(sal.isElevated(request)).isTrue();
    offered.put(API + "websudo.WebSudoManager", new Profile());
    assertThatThrownBy(() -> sal.isElevated(request)).isInstanceOf(HostLacks.class);
  }
}
