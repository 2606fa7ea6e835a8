package com.atlassian.crowd.search.query.entity.restriction.constants;

import com.atlassian.crowd.search.query.entity.restriction.Property;
import com.atlassian.crowd.search.query.entity.restriction.PropertyImpl;

/** The properties of users. */
public final class UserTermKeys {

  public static final Property<String> USERNAME = new PropertyImpl<>("name", String.class);
  public static final Property<String> EMAIL = new PropertyImpl<>("email", String.class);
  public static final Property<String> DISPLAY_NAME =
      new PropertyImpl<>("displayName", String.class);
  public static final Property<Boolean> ACTIVE = new PropertyImpl<>("active", Boolean.class);

  private UserTermKeys() {}
}
