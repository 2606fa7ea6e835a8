package com.atlassian.crowd.search.query.entity.restriction;

/** How values are compared. */
public enum MatchMode {
  STARTS_WITH,
  CONTAINS,
  EXACTLY_MATCHES,
  LESS_THAN,
  GREATER_THAN,
  NULL
}
