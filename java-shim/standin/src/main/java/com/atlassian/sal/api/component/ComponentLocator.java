package com.atlassian.sal.api.component;

import io.ostiary.standin.host.Components;

/** Finds components of the host by their class. */
public abstract class ComponentLocator {

  public static <T> T getComponent(Class<T> type) {
    return Components.byType(type);
  }
}
