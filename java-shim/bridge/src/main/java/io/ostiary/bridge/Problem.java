package io.ostiary.bridge;

/** A field of the configuration that is wrong, and why. */
public final class Problem {
  private final String field;
  private final String text;

  Problem(String field, String text) {
    this.field = field;
    this.text = text;
  }

  /** The path of the field, for example {@code idp.sso_url}. */
  public String field() {
    return field;
  }

  /** What is wrong with it. */
  public String text() {
    return text;
  }

  @Override
  public String toString() {
    return field + ": " + text;
  }
}
