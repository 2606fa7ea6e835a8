package com.atlassian.crowd.search.builder;

import com.atlassian.crowd.search.query.entity.restriction.MatchMode;
import com.atlassian.crowd.search.query.entity.restriction.Property;
import com.atlassian.crowd.search.query.entity.restriction.TermRestriction;

/** Builds restrictions. */
public final class Restriction {

  private Restriction() {}

  public static <T> RestrictionWithProperty<T> on(Property<T> property) {
    return new RestrictionWithProperty<>(property);
  }

  /** Waits for the value. */
  public static final class RestrictionWithProperty<T> {

    private final Property<T> property;

    private RestrictionWithProperty(Property<T> property) {
      this.property = property;
    }

    public TermRestriction<T> exactlyMatching(T value) {
      return new TermRestriction<>(property, MatchMode.EXACTLY_MATCHES, value);
    }
  }
}
