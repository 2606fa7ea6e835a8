package com.atlassian.jira.component;

import io.ostiary.standin.host.Components;

/** Finds Jira's components. */
public class ComponentAccessor {

  public static <T> T getComponent(Class<T> type) {
    return Components.byType(type);
  }
}
