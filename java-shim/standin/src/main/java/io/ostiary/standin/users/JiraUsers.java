package io.ostiary.standin.users;

import com.atlassian.crowd.embedded.api.User;
import com.atlassian.jira.user.ApplicationUser;
import io.ostiary.standin.Profile;
import java.security.Principal;

/** Accounts as Jira shows them: the oldest gave directory users, later ones its own type. */
public final class JiraUsers {

  private final Profile profile;
  private final Accounts accounts;

  public JiraUsers(Profile profile, Accounts accounts) {
    this.profile = profile;
    this.accounts = accounts;
  }

  public Principal principal(String name) {
    Account account = accounts.find(name);
    if (account == null) {
      return null;
    }
    return profile.isOldest() ? new DirectoryUser(account) : Own.of(account);
  }

  public boolean isPassword(String name, String password) {
    return accounts.isPassword(name, password);
  }

  /** Apart, so that the oldest host, which has no such type, never loads it. */
  private record Own(Account account) implements ApplicationUser {

    static Principal of(Account account) {
      return new Own(account);
    }

    @Override
    public String getKey() {
      return account.name();
    }

    @Override
    public String getUsername() {
      return account.name();
    }

    @Override
    public String getName() {
      return account.name();
    }

    @Override
    public long getDirectoryId() {
      return 1;
    }

    @Override
    public boolean isActive() {
      return account.active();
    }

    @Override
    public String getEmailAddress() {
      return account.mail();
    }

    @Override
    public String getDisplayName() {
      return account.displayName();
    }

    @Override
    public User getDirectoryUser() {
      return new DirectoryUser(account);
    }
  }
}
