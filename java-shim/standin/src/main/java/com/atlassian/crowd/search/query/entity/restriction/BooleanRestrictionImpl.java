package com.atlassian.crowd.search.query.entity.restriction;

import com.atlassian.crowd.embedded.api.SearchRestriction;
import java.util.Collection;
import java.util.List;

/** Several restrictions at once. */
public final class BooleanRestrictionImpl implements BooleanRestriction {

  private final BooleanLogic logic;
  private final Collection<SearchRestriction> restrictions;

  public BooleanRestrictionImpl(BooleanLogic logic, SearchRestriction... restrictions) {
    this(logic, List.of(restrictions));
  }

  public BooleanRestrictionImpl(BooleanLogic logic, Collection<SearchRestriction> restrictions) {
    this.logic = logic;
    this.restrictions = List.copyOf(restrictions);
  }

  @Override
  public Collection<SearchRestriction> getRestrictions() {
    return restrictions;
  }

  @Override
  public BooleanLogic getBooleanLogic() {
    return logic;
  }
}
