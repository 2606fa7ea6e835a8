package io.ostiary.standin.users;

import com.atlassian.crowd.embedded.api.User;

/** An account as the directories show it. */
record DirectoryUser(Account account) implements User {

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
}
