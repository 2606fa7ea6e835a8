package com.atlassian.crowd.search.builder;

import com.atlassian.crowd.embedded.api.SearchRestriction;
import com.atlassian.crowd.search.query.entity.restriction.BooleanRestriction;
import com.atlassian.crowd.search.query.entity.restriction.BooleanRestriction.BooleanLogic;
import com.atlassian.crowd.search.query.entity.restriction.BooleanRestrictionImpl;

/** Joins restrictions. */
public final class Combine {

  private Combine() {}

  public static BooleanRestriction allOf(SearchRestriction... restrictions) {
    return new BooleanRestrictionImpl(BooleanLogic.AND, restrictions);
  }

  public static BooleanRestriction anyOf(SearchRestriction... restrictions) {
    return new BooleanRestrictionImpl(BooleanLogic.OR, restrictions);
  }
}
