package com.atlassian.spring.container;

import io.ostiary.standin.host.Components;

/** Finds Confluence's beans by name. */
public final class ContainerManager {

  private ContainerManager() {}

  public static Object getComponent(String key) {
    return Components.byName(key);
  }

  public static boolean isContainerSetup() {
    return true;
  }
}
