package io.ostiary.standin;

/**
 * One real host version that the stand-in plays; what differs between them hangs on these values.
 */
public enum Profile {
  JIRA_5_2("jira-5.2", Product.JIRA, 1, "5.2.11", "854"),
  JIRA_9("jira-9", Product.JIRA, 2, "9.12.28", "9120028"),
  JIRA_10("jira-10", Product.JIRA, 3, "10.3.15", "10030015"),
  JIRA_11("jira-11", Product.JIRA, 4, "11.3.1", "11030001"),
  CONFLUENCE_5("confluence-5", Product.CONFLUENCE, 1, "5.0.3", "4111"),
  CONFLUENCE_8("confluence-8", Product.CONFLUENCE, 2, "8.5.31", "9012"),
  CONFLUENCE_9("confluence-9", Product.CONFLUENCE, 3, "9.2.13", "9111"),
  CONFLUENCE_10("confluence-10", Product.CONFLUENCE, 4, "10.2.2", "10121");

  private final String id;
  private final Product product;
  private final int generation;
  private final String version;
  private final String buildNumber;

  Profile(String id, Product product, int generation, String version, String buildNumber) {
    this.id = id;
    this.product = product;
    this.generation = generation;
    this.version = version;
    this.buildNumber = buildNumber;
  }

  /** The profile called {@code id}, as on the command line. */
  public static Profile called(String id) {
    for (Profile profile : values()) {
      if (profile.id.equals(id)) {
        return profile;
      }
    }
    throw new IllegalArgumentException("no profile " + id);
  }

  public String id() {
    return id;
  }

  public Product product() {
    return product;
  }

  public boolean isJira() {
    return product == Product.JIRA;
  }

  /** 1: the oldest hosts; 2: before the platform releases; 3: Platform 7; 4: Platform 8. */
  public int generation() {
    return generation;
  }

  public String version() {
    return version;
  }

  public String buildNumber() {
    return buildNumber;
  }

  /** Old class reader, old SAL, transforming plug-in loader. */
  public boolean isOldest() {
    return generation == 1;
  }

  /** Access annotations, hidden packages, two-step login, security headers. */
  public boolean isPlatform7() {
    return generation >= 3;
  }

  /** jakarta.servlet and UPM 8. */
  public boolean isJakarta() {
    return generation >= 4;
  }
}
