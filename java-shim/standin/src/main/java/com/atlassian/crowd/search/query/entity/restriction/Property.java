package com.atlassian.crowd.search.query.entity.restriction;

/** A property to search by. */
public interface Property<T> {

  String getPropertyName();

  Class<T> getPropertyType();
}
