package io.ostiary.bridge;

/** The subject's name as the identity provider gave it (SAML Core 2.2.3). */
public final class NameId {
  private final String value;
  private final String format;
  private final String nameQualifier;
  private final String spNameQualifier;

  private NameId(String value, String format, String nameQualifier, String spNameQualifier) {
    this.value = value;
    this.format = format;
    this.nameQualifier = nameQualifier;
    this.spNameQualifier = spNameQualifier;
  }

  static NameId read(Json json) {
    return json == null
        ? null
        : new NameId(
            json.text("value"),
            json.text("format"),
            json.text("name_qualifier"),
            json.text("sp_name_qualifier"));
  }

  /** The name. */
  public String value() {
    return value;
  }

  /** The Format URI, or null. */
  public String format() {
    return format;
  }

  /** NameQualifier, or null. */
  public String nameQualifier() {
    return nameQualifier;
  }

  /** SPNameQualifier, or null. */
  public String spNameQualifier() {
    return spNameQualifier;
  }

  @Override
  public String toString() {
    return "NameId[" + format + "]";
  }
}
