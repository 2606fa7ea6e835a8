package io.ostiary.standin.host;

import com.atlassian.crowd.embedded.api.CrowdService;
import com.atlassian.jira.security.login.JiraElevatedSecurityGuard;
import com.atlassian.jira.security.login.JiraSeraphAuthenticator;
import com.atlassian.jira.security.login.LoginInfo;
import com.atlassian.jira.security.login.LoginManager;
import com.atlassian.jira.security.websudo.InternalWebSudoManager;
import com.atlassian.seraph.config.SecurityConfig;
import com.atlassian.seraph.config.SecurityConfigImpl;
import io.ostiary.standin.users.Accounts;
import io.ostiary.standin.users.Directories;
import io.ostiary.standin.users.JiraUsers;
import io.ostiary.standin.users.RememberMe;
import io.ostiary.standin.users.Roles;
import io.ostiary.standin.users.SignIns;
import java.time.Instant;
import java.util.List;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.servlet.http.HttpSession;

/** Jira's security configuration and components. */
final class JiraHost {

  private JiraHost() {}

  static SecurityConfig secured(
      Switches switches, Journal journal, Accounts accounts, SignIns signIns, WebSudo webSudo) {
    Components.add("crowdService", CrowdService.class, new Directories(accounts));
    Components.add("loginManager", LoginManager.class, new Logins(signIns));
    Components.add("webSudoManager", InternalWebSudoManager.class, new Sudo(webSudo));
    JiraUsers users = new JiraUsers(switches.profile(), accounts);
    return new SecurityConfigImpl(
        config -> new JiraSeraphAuthenticator(config, users),
        new JiraElevatedSecurityGuard(signIns),
        new RememberMe("seraph.rememberme.cookie"),
        new Roles(accounts),
        List.of(new LogoutNote(journal)),
        "/login.jsp?permissionViolation=true&os_destination=${originalurl}&page_caps=&user_role=",
        "/secure/Logout!default.jspa",
        List.of("ASESSIONID", "jira.websudo.timestamp", "jira.user.project.admin"),
        switches::isBasicAllowed);
  }

  private record Logins(SignIns signIns) implements LoginManager {

    @Override
    public LoginInfo getLoginInfo(String userName) {
      return new Info(signIns.tally(userName));
    }

    @Override
    public LoginInfo onLoginAttempt(
        HttpServletRequest request, String userName, boolean loginSuccessful) {
      if (loginSuccessful) {
        signIns.succeeded("LoginManager.onLoginAttempt", userName);
      } else {
        signIns.failed("LoginManager.onLoginAttempt", userName);
      }
      return getLoginInfo(userName);
    }
  }

  private record Info(SignIns.Tally tally) implements LoginInfo {

    @Override
    public Long getLastLoginTime() {
      return tally.last() == null ? null : Instant.parse(tally.last()).toEpochMilli();
    }

    @Override
    public Long getLoginCount() {
      return tally.count();
    }

    @Override
    public Long getTotalFailedLoginCount() {
      return tally.failed();
    }
  }

  private record Sudo(WebSudo webSudo) implements InternalWebSudoManager {

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
