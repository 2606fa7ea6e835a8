package com.atlassian.seraph.config;

import com.atlassian.seraph.auth.Authenticator;
import com.atlassian.seraph.auth.RoleMapper;
import com.atlassian.seraph.elevatedsecurity.ElevatedSecurityGuard;
import com.atlassian.seraph.service.rememberme.RememberMeService;
import java.util.List;

/** The parts of Seraph as configured. */
public interface SecurityConfig {

  Authenticator getAuthenticator();

  ElevatedSecurityGuard getElevatedSecurityGuard();

  RememberMeService getRememberMeService();

  RoleMapper getRoleMapper();

  <T> List<T> getInterceptors(Class<T> type);

  String getLoginURL();

  String getLogoutURL();

  boolean isInvalidateSessionOnLogin();

  List<String> getInvalidateSessionExcludeList();

  boolean isBasicAllowed();
}
