package io.ostiary.standin.sal;

import com.atlassian.sal.api.user.UserKey;
import com.atlassian.sal.api.user.UserManager;
import com.atlassian.sal.api.user.UserProfile;
import io.ostiary.standin.host.Callers;
import io.ostiary.standin.host.Identity;
import io.ostiary.standin.users.Account;
import io.ostiary.standin.users.Accounts;
import java.net.URI;
import java.security.Principal;
import javax.servlet.http.HttpServletRequest;

/** SAL's view of the users; the remote user is unknown until the security filter ran. */
public final class SalUsers implements UserManager {

  private final Accounts accounts;

  public SalUsers(Accounts accounts) {
    this.accounts = accounts;
  }

  @Override
  public String getRemoteUsername() {
    Callers.identityIsAsked(null, "UserManager.getRemoteUsername");
    return Identity.username();
  }

  @Override
  public String getRemoteUsername(HttpServletRequest request) {
    Callers.identityIsAsked(request, "UserManager.getRemoteUsername");
    return request.getRemoteUser();
  }

  @Override
  public UserProfile getRemoteUser() {
    return getUserProfile(getRemoteUsername());
  }

  @Override
  public UserKey getRemoteUserKey() {
    return key(getRemoteUsername());
  }

  @Override
  public UserProfile getRemoteUser(HttpServletRequest request) {
    return getUserProfile(getRemoteUsername(request));
  }

  @Override
  public UserKey getRemoteUserKey(HttpServletRequest request) {
    return key(getRemoteUsername(request));
  }

  @Override
  public UserProfile getUserProfile(String username) {
    Account account = accounts.find(username);
    return account == null ? null : new Known(account);
  }

  @Override
  public UserProfile getUserProfile(UserKey userKey) {
    return userKey == null ? null : getUserProfile(userKey.getStringValue());
  }

  @Override
  public boolean isUserInGroup(String username, String group) {
    Account account = accounts.find(username);
    return account != null
        && ((group.endsWith("-users") && account.licensed())
            || (group.endsWith("-administrators") && account.admin()));
  }

  @Override
  public boolean isUserInGroup(UserKey userKey, String group) {
    return isUserInGroup(userKey.getStringValue(), group);
  }

  @Override
  public boolean isSystemAdmin(String username) {
    Account account = accounts.find(username);
    return account != null && account.sysadmin();
  }

  @Override
  public boolean isSystemAdmin(UserKey userKey) {
    return userKey != null && isSystemAdmin(userKey.getStringValue());
  }

  @Override
  public boolean isAdmin(String username) {
    Account account = accounts.find(username);
    return account != null && account.admin();
  }

  @Override
  public boolean isAdmin(UserKey userKey) {
    return userKey != null && isAdmin(userKey.getStringValue());
  }

  @Override
  public boolean isLicensed(UserKey userKey) {
    Account account = userKey == null ? null : accounts.find(userKey.getStringValue());
    return account != null && account.licensed();
  }

  @Override
  public boolean isAnonymousAccessEnabled() {
    return true;
  }

  @Override
  public boolean authenticate(String username, String password) {
    Account account = accounts.find(username);
    return account != null && account.active() && account.password().equals(password);
  }

  @Override
  public Principal resolve(String username) {
    Account account = accounts.find(username);
    return account == null ? null : account::name;
  }

  private static UserKey key(String username) {
    return username == null ? null : new UserKey(username);
  }

  private record Known(Account account) implements UserProfile {

    @Override
    public UserKey getUserKey() {
      return key(account.name());
    }

    @Override
    public String getUsername() {
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

    @Override
    public URI getProfilePictureUri(int width, int height) {
      return null;
    }

    @Override
    public URI getProfilePictureUri() {
      return null;
    }

    @Override
    public URI getProfilePageUri() {
      return null;
    }
  }
}
