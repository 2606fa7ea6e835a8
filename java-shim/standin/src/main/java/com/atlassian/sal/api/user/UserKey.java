package com.atlassian.sal.api.user;

import io.ostiary.standin.Generations;
import java.io.Serializable;
import java.util.Objects;

/** A user's lasting key. */
@Generations(from = 2)
public final class UserKey implements Serializable {

  private static final long serialVersionUID = 1;

  private final String userkey;

  public UserKey(String userkey) {
    this.userkey = Objects.requireNonNull(userkey);
  }

  public String getStringValue() {
    return userkey;
  }

  @Override
  public String toString() {
    return userkey;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UserKey key && key.userkey.equals(userkey);
  }

  @Override
  public int hashCode() {
    return userkey.hashCode();
  }
}
