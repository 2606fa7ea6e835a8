package com.atlassian.crowd.embedded.api;

import java.security.Principal;

/** A user of a directory. */
public interface User extends Principal {

  long getDirectoryId();

  boolean isActive();

  String getEmailAddress();

  String getDisplayName();
}
