package com.atlassian.crowd.search.query.entity;

import com.atlassian.crowd.embedded.api.Query;
import com.atlassian.crowd.embedded.api.SearchRestriction;

/** A search for users. */
public final class UserQuery<T> implements Query<T> {

  private final Class<T> returnType;
  private final SearchRestriction restriction;
  private final int startIndex;
  private final int maxResults;

  public UserQuery(
      Class<T> returnType, SearchRestriction restriction, int startIndex, int maxResults) {
    this.returnType = returnType;
    this.restriction = restriction;
    this.startIndex = startIndex;
    this.maxResults = maxResults;
  }

  @Override
  public int getStartIndex() {
    return startIndex;
  }

  @Override
  public int getMaxResults() {
    return maxResults;
  }

  @Override
  public Class<T> getReturnType() {
    return returnType;
  }

  @Override
  public SearchRestriction getSearchRestriction() {
    return restriction;
  }
}
