package io.ostiary.standin.plugins;

import com.atlassian.annotations.security.AdminOnly;
import com.atlassian.annotations.security.AnonymousSiteAccess;
import com.atlassian.annotations.security.SystemAdminOnly;
import com.atlassian.annotations.security.UnrestrictedAccess;
import io.ostiary.standin.Profile;
import io.ostiary.standin.users.Account;
import io.ostiary.standin.users.Accounts;
import java.lang.annotation.Annotation;
import java.util.Arrays;
import java.util.Locale;

/** Platform 7 and later: what is not annotated is for licensed users only. */
final class AccessRules {

  private final Profile profile;
  private final Accounts accounts;

  AccessRules(Profile profile, Accounts accounts) {
    this.profile = profile;
    this.accounts = accounts;
  }

  /** Whether the user (or nobody: null) may use a module's class for a request of this method. */
  boolean allow(Class<?> type, String httpMethod, String username) {
    if (!profile.isPlatform7()) {
      return true;
    }
    if (has(type, httpMethod, UnrestrictedAccess.class)
        || has(type, httpMethod, AnonymousSiteAccess.class)) {
      return true;
    }
    Account account = accounts.find(username);
    if (account == null || !account.active() || !account.licensed()) {
      return false;
    }
    if (has(type, httpMethod, SystemAdminOnly.class)) {
      return account.sysadmin();
    }
    return !has(type, httpMethod, AdminOnly.class) || account.admin();
  }

  private static boolean has(
      Class<?> type, String httpMethod, Class<? extends Annotation> annotation) {
    String handler = "do" + httpMethod.charAt(0) + httpMethod.substring(1).toLowerCase(Locale.ROOT);
    return type.isAnnotationPresent(annotation)
        || Arrays.stream(type.getDeclaredMethods())
            .filter(
                method -> method.getName().equals(handler) || method.getName().equals("doFilter"))
            .anyMatch(method -> method.isAnnotationPresent(annotation));
  }
}
