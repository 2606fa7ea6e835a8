package io.ostiary.standin.host;

import com.atlassian.confluence.security.login.ConfluenceElevatedSecurityGuard;
import com.atlassian.confluence.security.login.LoginManager;
import com.atlassian.confluence.security.websudo.WebSudoManager;
import com.atlassian.confluence.user.ConfluenceAuthenticator;
import com.atlassian.crowd.embedded.api.CrowdService;
import com.atlassian.event.api.EventPublisher;
import com.atlassian.seraph.config.SecurityConfig;
import com.atlassian.seraph.config.SecurityConfigImpl;
import io.ostiary.standin.users.Accounts;
import io.ostiary.standin.users.ConfluenceUsers;
import io.ostiary.standin.users.Directories;
import io.ostiary.standin.users.RememberMe;
import io.ostiary.standin.users.Roles;
import io.ostiary.standin.users.SignIns;
import java.util.List;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.servlet.http.HttpSession;

/** Confluence's security configuration and beans. */
final class ConfluenceHost {

  private ConfluenceHost() {}

  static SecurityConfig secured(
      Switches switches, Journal journal, Accounts accounts, SignIns signIns, WebSudo webSudo) {
    EventPublisher events = new Events(journal);
    Components.add("eventPublisher", EventPublisher.class, events);
    Components.add("crowdService", CrowdService.class, new Directories(accounts));
    Components.add("loginManager", LoginManager.class, new Logins(signIns));
    Components.add("webSudoManager", WebSudoManager.class, new Sudo(webSudo));
    ConfluenceUsers users = new ConfluenceUsers(accounts);
    return new SecurityConfigImpl(
        config -> new ConfluenceAuthenticator(config, users, events),
        new ConfluenceElevatedSecurityGuard(signIns),
        new RememberMe("seraph.confluence"),
        new Roles(accounts),
        List.of(new LogoutNote(journal)),
        "/login.action?os_destination=${originalurl}",
        "/logout.action",
        List.of(),
        switches::isBasicAllowed);
  }

  private record Events(Journal journal) implements EventPublisher {

    @Override
    public void publish(Object event) {
      journal.event(event.getClass().getSimpleName() + ": " + event);
    }

    @Override
    public void register(Object listener) {}

    @Override
    public void unregister(Object listener) {}
  }

  private record Logins(SignIns signIns) implements LoginManager {

    @Override
    public boolean requiresElevatedAuthentication(String username) {
      return false;
    }

    @Override
    public void onSuccessfulLoginAttempt(String username, HttpServletRequest request) {
      signIns.succeeded("LoginManager.onSuccessfulLoginAttempt", username);
    }

    @Override
    public void onFailedLoginAttempt(String username, HttpServletRequest request) {
      signIns.failed("LoginManager.onFailedLoginAttempt", username);
    }
  }

  private record Sudo(WebSudo webSudo) implements WebSudoManager {

    @Override
    public boolean isEnabled() {
      return webSudo.isEnabled();
    }

    @Override
    public boolean hasValidSession(HttpSession session) {
      return webSudo.hasValidSession(session);
    }

    @Override
    public void startSession(HttpServletRequest request, HttpServletResponse response) {
      webSudo.startSession(request, response);
    }
  }
}
