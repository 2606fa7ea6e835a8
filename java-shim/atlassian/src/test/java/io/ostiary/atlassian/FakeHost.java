package io.ostiary.atlassian;

import com.atlassian.seraph.auth.DefaultAuthenticator;
import java.security.Principal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Classes of a host, old and new, as far as the add-on calls them. */
final class FakeHost {

  final Map<String, User> users = new HashMap<>();
  final List<String> calls = new ArrayList<>();
  boolean canLogin = true;
  boolean portalOnly;

  User add(String name) {
    User user = new User(name);
    users.put(name, user);
    return user;
  }

  /** What the servlet context has. */
  public final class Config {
    private final Object authenticator;
    private final Object guard;

    Config(Object authenticator, Object guard) {
      this.authenticator = authenticator;
      this.guard = guard;
    }

    public Object getAuthenticator() {
      return authenticator;
    }

    public Object getElevatedSecurityGuard() {
      return guard;
    }

    public Object getRoleMapper() {
      return new Mapper();
    }

    public Object getRememberMeService() {
      return new Remember();
    }
  }

  public static class User implements Principal {
    private final String name;
    boolean active = true;

    User(String name) {
      this.name = name;
    }

    @Override
    public String getName() {
      return name;
    }

    public boolean isActive() {
      return active;
    }
  }

  /** A product's authenticator: overrides with a narrower type, as one of them does. */
  public class ProductAuthenticator extends DefaultAuthenticator {
    @Override
    protected User getUser(String name) {
      calls.add("getUser " + name);
      return users.get(name);
    }

    public boolean logout(HttpServletRequest request, HttpServletResponse response) {
      calls.add("logout");
      return true;
    }
  }

  /** A custom one on top, which overrides nothing. */
  public final class CustomAuthenticator extends ProductAuthenticator {}

  public final class Mapper {
    public boolean canLogin(Principal user, HttpServletRequest request) {
      return portalOnly
          ? request.getRequestURI().startsWith("/jira/servicedesk/customer")
          : canLogin;
    }
  }

  public final class Guard {
    public void onSuccessfulLoginAttempt(HttpServletRequest request, String user) {
      calls.add("last login " + user);
    }
  }

  public static final class NoopElevatedSecurityGuard {
    public void onSuccessfulLoginAttempt(HttpServletRequest request, String user) {
      throw new AssertionError(
          "does nothing on real hosts, so it must not be the one that is called");
    }
  }

  public final class Remember {
    public void removeRememberMeCookie(HttpServletRequest request, HttpServletResponse response) {
      calls.add("remember-me removed");
    }
  }
}
