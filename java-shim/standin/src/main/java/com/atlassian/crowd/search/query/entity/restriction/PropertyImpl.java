package com.atlassian.crowd.search.query.entity.restriction;

/** A property to search by. */
public final class PropertyImpl<T> implements Property<T> {

  private final String name;
  private final Class<T> type;

  public PropertyImpl(String name, Class<T> type) {
    this.name = name;
    this.type = type;
  }

  @Override
  public String getPropertyName() {
    return name;
  }

  @Override
  public Class<T> getPropertyType() {
    return type;
  }
}
