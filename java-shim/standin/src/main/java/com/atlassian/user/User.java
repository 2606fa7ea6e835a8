package com.atlassian.user;

import java.security.Principal;

/** A user of the old user library. */
public interface User extends Entity, Principal {

  @Override
  String getName();

  String getFullName();

  String getEmail();
}
