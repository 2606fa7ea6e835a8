package com.atlassian.sal.api.user;

import io.ostiary.standin.Generations;
import java.net.URI;

/** What is known about a user. */
public interface UserProfile {

  @Generations(from = 2)
  UserKey getUserKey();

  String getUsername();

  String getFullName();

  String getEmail();

  URI getProfilePictureUri(int width, int height);

  URI getProfilePictureUri();

  URI getProfilePageUri();
}
