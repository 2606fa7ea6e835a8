package com.atlassian.sal.api.user;

import io.ostiary.standin.Generations;
import java.security.Principal;
import javax.servlet.http.HttpServletRequest;

/** Who is there and what they may do. */
public interface UserManager {

  String getRemoteUsername();

  @Generations(from = 2)
  UserProfile getRemoteUser();

  @Generations(from = 2)
  UserKey getRemoteUserKey();

  String getRemoteUsername(HttpServletRequest request);

  @Generations(from = 2)
  UserProfile getRemoteUser(HttpServletRequest request);

  @Generations(from = 2)
  UserKey getRemoteUserKey(HttpServletRequest request);

  UserProfile getUserProfile(String username);

  @Generations(from = 2)
  UserProfile getUserProfile(UserKey userKey);

  boolean isUserInGroup(String username, String group);

  @Generations(from = 2)
  boolean isUserInGroup(UserKey userKey, String group);

  boolean isSystemAdmin(String username);

  @Generations(from = 2)
  boolean isSystemAdmin(UserKey userKey);

  boolean isAdmin(String username);

  @Generations(from = 2)
  boolean isAdmin(UserKey userKey);

  @Generations(from = 2)
  boolean isLicensed(UserKey userKey);

  @Generations(from = 2)
  boolean isAnonymousAccessEnabled();

  boolean authenticate(String username, String password);

  Principal resolve(String username);
}
