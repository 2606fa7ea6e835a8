package io.ostiary.servlet;

import java.security.Principal;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletRequestWrapper;

/** A request whose user is the one who signed in. */
final class SignedInRequest extends HttpServletRequestWrapper {

  private final SsoPrincipal principal;

  SignedInRequest(HttpServletRequest request, SsoPrincipal principal) {
    super(request);
    this.principal = principal;
  }

  @Override
  public String getRemoteUser() {
    return principal.getName();
  }

  @Override
  public Principal getUserPrincipal() {
    return principal;
  }

  @Override
  public String getAuthType() {
    return "SAML";
  }
}
