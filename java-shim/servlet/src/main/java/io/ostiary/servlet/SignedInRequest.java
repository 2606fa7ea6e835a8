package io.ostiary.servlet;

import io.ostiary.web.SessionFacts;
import java.security.Principal;
import javax.servlet.ServletException;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletRequestWrapper;
import javax.servlet.http.HttpServletResponse;

/** A request whose user is the one who signed in. Roles are the container's. */
final class SignedInRequest extends HttpServletRequestWrapper {

  private final Visitors visitors;

  /** Null after {@link #logout()}. */
  private volatile SsoPrincipal principal;

  SignedInRequest(HttpServletRequest request, SessionFacts visitor, Visitors visitors) {
    super(request);
    this.visitors = visitors;
    this.principal = new SsoPrincipal(visitor.user(), visitor.json());
  }

  /** Whether a request shows this user already, as a forwarded one does. */
  static boolean isOne(HttpServletRequest request, SessionFacts visitor) {
    Principal principal = request.getUserPrincipal();
    return principal instanceof SsoPrincipal
        && ((SsoPrincipal) principal).isOf(visitor.user(), visitor.json());
  }

  @Override
  public String getRemoteUser() {
    SsoPrincipal user = principal;
    return user == null ? super.getRemoteUser() : user.getName();
  }

  @Override
  public Principal getUserPrincipal() {
    SsoPrincipal user = principal;
    return user == null ? super.getUserPrincipal() : user;
  }

  @Override
  public String getAuthType() {
    return principal == null ? super.getAuthType() : "SAML";
  }

  @Override
  public boolean authenticate(HttpServletResponse response)
      throws java.io.IOException, ServletException {
    return principal != null || super.authenticate(response);
  }

  @Override
  public void logout() throws ServletException {
    visitors.leave(this);
    principal = null;
    super.logout();
  }
}
