package com.atlassian.crowd.search.query.entity.restriction;

import com.atlassian.crowd.embedded.api.SearchRestriction;
import java.util.Collection;

/** Several restrictions at once. */
public interface BooleanRestriction extends SearchRestriction {

  /** All or one of them. */
  enum BooleanLogic {
    AND,
    OR
  }

  Collection<SearchRestriction> getRestrictions();

  BooleanLogic getBooleanLogic();
}
