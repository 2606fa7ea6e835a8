package io.ostiary.standin.users;

import com.atlassian.confluence.user.ConfluenceUser;

/** Accounts as Confluence shows them. */
public final class ConfluenceUsers {

  private final Accounts accounts;

  public ConfluenceUsers(Accounts accounts) {
    this.accounts = accounts;
  }

  public ConfluenceUser user(String name) {
    Account account = accounts.find(name);
    return account == null ? null : new Own(account);
  }

  public boolean isPassword(String name, String password) {
    return accounts.isPassword(name, password);
  }

  private record Own(Account account) implements ConfluenceUser {

    @Override
    public Object getKey() {
      return account.name();
    }

    @Override
    public String getName() {
      return account.name();
    }

    @Override
    public String getFullName() {
      return account.displayName();
    }

    @Override
    public String getEmail() {
      return account.mail();
    }
  }
}
