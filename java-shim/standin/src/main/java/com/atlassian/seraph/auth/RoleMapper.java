package com.atlassian.seraph.auth;

import java.security.Principal;
import javax.servlet.http.HttpServletRequest;

/** What a principal may do. */
public interface RoleMapper {

  boolean hasRole(Principal user, HttpServletRequest request, String role);

  boolean canLogin(Principal user, HttpServletRequest request);
}
