package com.atlassian.seraph.config;

/** Gives the one configuration. */
public final class SecurityConfigFactory {

  private static volatile SecurityConfig instance;

  private SecurityConfigFactory() {}

  public static SecurityConfig getInstance() {
    return instance;
  }

  public static void setSecurityConfig(SecurityConfig config) {
    instance = config;
  }
}
