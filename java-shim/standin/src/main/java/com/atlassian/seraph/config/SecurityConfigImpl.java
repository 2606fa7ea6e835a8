package com.atlassian.seraph.config;

import com.atlassian.seraph.auth.Authenticator;
import com.atlassian.seraph.auth.RoleMapper;
import com.atlassian.seraph.elevatedsecurity.ElevatedSecurityGuard;
import com.atlassian.seraph.interceptor.LogoutInterceptor;
import com.atlassian.seraph.service.rememberme.RememberMeService;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** The stock configuration of a product. */
public final class SecurityConfigImpl implements SecurityConfig {

  public static final String STORAGE_KEY = "seraph_config";

  private final Authenticator authenticator;
  private final ElevatedSecurityGuard guard;
  private final RememberMeService rememberMe;
  private final RoleMapper roles;
  private final List<LogoutInterceptor> interceptors;
  private final String loginUrl;
  private final String logoutUrl;
  private final List<String> notCopied;
  private final BooleanSupplier basicAllowed;

  public SecurityConfigImpl(
      Function<SecurityConfig, Authenticator> authenticator,
      ElevatedSecurityGuard guard,
      RememberMeService rememberMe,
      RoleMapper roles,
      List<LogoutInterceptor> interceptors,
      String loginUrl,
      String logoutUrl,
      List<String> notCopied,
      BooleanSupplier basicAllowed) {
    this.guard = guard;
    this.rememberMe = rememberMe;
    this.roles = roles;
    this.interceptors = interceptors;
    this.loginUrl = loginUrl;
    this.logoutUrl = logoutUrl;
    this.notCopied = notCopied;
    this.basicAllowed = basicAllowed;
    this.authenticator = authenticator.apply(this);
  }

  @Override
  public Authenticator getAuthenticator() {
    return authenticator;
  }

  @Override
  public ElevatedSecurityGuard getElevatedSecurityGuard() {
    return guard;
  }

  @Override
  public RememberMeService getRememberMeService() {
    return rememberMe;
  }

  @Override
  public RoleMapper getRoleMapper() {
    return roles;
  }

  @Override
  public <T> List<T> getInterceptors(Class<T> type) {
    return interceptors.stream().filter(type::isInstance).map(type::cast).toList();
  }

  @Override
  public String getLoginURL() {
    return loginUrl;
  }

  @Override
  public String getLogoutURL() {
    return logoutUrl;
  }

  @Override
  public boolean isInvalidateSessionOnLogin() {
    return true;
  }

  @Override
  public List<String> getInvalidateSessionExcludeList() {
    return notCopied;
  }

  @Override
  public boolean isBasicAllowed() {
    return basicAllowed.getAsBoolean();
  }
}
