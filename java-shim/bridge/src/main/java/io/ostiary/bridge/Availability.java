package io.ostiary.bridge;

/**
 * Whether the native library is there, and if not, why. It never changes within one class loader.
 */
public final class Availability {
  private final String problem;
  private final String code;
  private final String library;
  private final String openssl;
  private final String origin;

  private Availability(String problem, String code, String library, String openssl, String origin) {
    this.problem = problem;
    this.code = code;
    this.library = library;
    this.openssl = openssl;
    this.origin = origin;
  }

  static Availability of(String library, String openssl, String origin) {
    return new Availability(null, null, library, openssl, origin);
  }

  static Availability missing(String problem) {
    return new Availability(problem, "native-unavailable", null, null, null);
  }

  static Availability mismatch(String problem) {
    return new Availability(problem, "wire-mismatch", null, null, null);
  }

  /** True when engines can be opened. */
  public boolean isAvailable() {
    return problem == null;
  }

  /** What an administrator should read when the library is not available; otherwise null. */
  public String problem() {
    return problem;
  }

  /**
   * {@code native-unavailable} or {@code wire-mismatch} when the library is not available;
   * otherwise null.
   */
  public String code() {
    return code;
  }

  /** Version of the native library, or null. */
  public String library() {
    return library;
  }

  /** Version of the OpenSSL inside the native library, or null. */
  public String openssl() {
    return openssl;
  }

  /**
   * Where the library came from: the resource of the jar or the file named by the override. Null
   * when not available.
   */
  public String origin() {
    return origin;
  }

  @Override
  public String toString() {
    return isAvailable()
        ? "Ostiary " + library + ", " + openssl + ", from " + origin
        : code + ": " + problem;
  }
}
