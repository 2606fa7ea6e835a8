package com.atlassian.jira.user;

import com.atlassian.crowd.embedded.api.User;
import io.ostiary.standin.Generations;
import java.security.Principal;

/** A user of Jira. */
@Generations(from = 2)
public interface ApplicationUser extends Principal {

  String getKey();

  String getUsername();

  long getDirectoryId();

  boolean isActive();

  String getEmailAddress();

  String getDisplayName();

  User getDirectoryUser();
}
