package com.atlassian.crowd.embedded.api;

/** A search. */
public interface Query<T> {

  int getStartIndex();

  int getMaxResults();

  Class<T> getReturnType();

  SearchRestriction getSearchRestriction();
}
