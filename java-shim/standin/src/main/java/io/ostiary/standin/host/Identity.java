package io.ostiary.standin.host;

/** Who is signed in, for the rest of the request; set by the security filter, unknown before it. */
public final class Identity {

  private static final ThreadLocal<Identity> CURRENT = new ThreadLocal<>();

  private final String username;

  private Identity(String username) {
    this.username = username;
  }

  public static boolean isKnown() {
    return CURRENT.get() != null;
  }

  /** The user's name, or null for nobody and before the security filter. */
  public static String username() {
    Identity identity = CURRENT.get();
    return identity == null ? null : identity.username;
  }

  /** From now on this user is known, or nobody where the name is null. */
  static void enter(String username) {
    CURRENT.set(new Identity(username));
  }

  static Identity current() {
    return CURRENT.get();
  }

  static void restore(Identity before) {
    if (before == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(before);
    }
  }
}
