package com.atlassian.crowd.embedded.api;

/** The directories behind the product. */
public interface CrowdService {

  User getUser(String name);

  <T> Iterable<T> search(Query<T> query);
}
