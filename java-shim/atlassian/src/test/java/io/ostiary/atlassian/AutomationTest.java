package io.ostiary.atlassian;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import javax.servlet.http.HttpServletRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AutomationTest {

  private static final String API = "com.atlassian.sal.api.";

  private final Map<String, Object> asked = new HashMap<>();
  private final Map<String, Object> offered = new HashMap<>();
  private boolean token;

  private final Sal sal =
      new Sal(
          new Services() {
            @Override
            Object find(String name) {
              return offered.get(name);
            }
          });

  /** Says whether the token was right. */
  public final class Tokens {
    public boolean validateFormEncodedToken(HttpServletRequest request) {
      return token;
    }
  }

  /** A visitor. */
  public static final class Visitors {
    private final String user;

    Visitors(String user) {
      this.user = user;
    }

    public String getRemoteUsername(HttpServletRequest request) {
      return user;
    }

    public boolean isSystemAdmin(String name) {
      return name.equals("admin");
    }
  }

  @BeforeEach
  void is_a_good_request_by_an_administrator_with_a_password() {
    System.setProperty(Automation.SWITCH, "true");
    asked.put("getMethod", "PUT");
    asked.put("getContentType", "application/json; charset=utf-8");
    asked.put("header:Authorization", "Basic YTpi");
    offered.put(API + "user.UserManager", new Visitors("admin"));
    offered.put(API + "ApplicationProperties", new SalTest.OldApplication());
    offered.put(API + "xsrf.XsrfTokenValidator", new Tokens());
  }

  @AfterEach
  void switches_off() {
    System.clearProperty(Automation.SWITCH);
  }

  private String code() throws HostException {
    Refusal refusal = Automation.refuses(sal, Fakes.request(asked));
    return refusal == null ? "allowed" : refusal.code();
  }

  @Test
  void lets_an_administrator_with_a_password_change_settings() throws HostException {
    assertThat(code()).isEqualTo("allowed");
    asked.put("header:Origin", "https://old.example.com");
    assertThat(code()).isEqualTo("allowed");
  }

  @Test
  void is_off_unless_it_is_switched_on() throws HostException {
    System.clearProperty(Automation.SWITCH);
    assertThat(code()).isEqualTo("automation-off");
  }

  @Test
  void refuses_everybody_else() throws HostException {
    offered.put(API + "user.UserManager", new Visitors(null));
    assertThat(code()).isEqualTo("not-signed-in");
    offered.put(API + "user.UserManager", new Visitors("b.simon"));
    assertThat(code()).isEqualTo("not-system-admin");
  }

  @Test
  void takes_json_only() throws HostException {
    for (String type : new String[] {null, "text/plain", "application/x-www-form-urlencoded"}) {
      asked.put("getContentType", type);
      assertThat(code()).as(type).isEqualTo("not-json");
    }
  }

  @Test
  void refuses_other_origins_whatever_the_host_header_says() throws HostException {
    for (String origin :
        new String[] {
          "https://evil.example", "http://old.example.com", "https://old.example.com:8443", "null"
        }) {
      asked.put("header:Origin", origin);
      asked.put("header:Host", "evil.example");
      assertThat(code()).as(origin).isEqualTo("foreign-origin");
    }
  }

  @Test
  void refuses_applications_that_act_for_a_user() throws HostException {
    for (String authorization : new String[] {"OAuth oauth_token=\"x\"", "Bearer abc", "JWT x"}) {
      asked.put("header:Authorization", authorization);
      assertThat(code()).as(authorization).isEqualTo("oauth-refused");
    }
    asked.put("header:Authorization", "Basic YTpi");
    asked.put("parameter:oauth_token", "x");
    assertThat(code()).isEqualTo("oauth-refused");
  }

  @Test
  void wants_the_token_of_a_browser() throws HostException {
    asked.remove("header:Authorization");
    assertThat(code()).isEqualTo("xsrf-token-missing");
    asked.put("header:Authorization", "Basic YTpi");
    asked.put("header:Cookie", "JSESSIONID=1");
    assertThat(code()).isEqualTo("xsrf-token-missing");
    token = true;
    assertThat(code()).isEqualTo("allowed");
  }

  @Test
  void answers_get_and_put_only() throws HostException {
    asked.put("getMethod", "POST");
    assertThat(code()).isEqualTo("method-not-allowed");
  }
}
