package io.ostiary.standin.users;

import com.atlassian.seraph.auth.RoleMapper;
import java.security.Principal;
import javax.servlet.http.HttpServletRequest;

/**
 * Who may sign in: active and licensed, or a portal's customer who asks for a page of the portal.
 */
public final class Roles implements RoleMapper {

  public static final String PORTAL = "/servicedesk/customer";

  private final Accounts accounts;

  public Roles(Accounts accounts) {
    this.accounts = accounts;
  }

  @Override
  public boolean hasRole(Principal user, HttpServletRequest request, String role) {
    Account account = user == null ? null : accounts.find(user.getName());
    if (account == null) {
      return false;
    }
    return switch (role) {
      case "admin" -> account.admin();
      case "sysadmin" -> account.sysadmin();
      case "use" -> account.active() && account.licensed();
      default -> false;
    };
  }

  @Override
  public boolean canLogin(Principal user, HttpServletRequest request) {
    Account account = user == null ? null : accounts.find(user.getName());
    if (account == null || !account.active()) {
      return false;
    }
    String path = request.getRequestURI().substring(request.getContextPath().length());
    return account.licensed() || (account.customer() && path.startsWith(PORTAL));
  }
}
