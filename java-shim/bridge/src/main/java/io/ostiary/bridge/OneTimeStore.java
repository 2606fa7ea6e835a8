package io.ostiary.bridge;

/**
 * Remembers which responses and logout requests were used. It outlives engines: one store per
 * application, and where there are several nodes, one for all of them.
 */
public interface OneTimeStore {
  /** What became of a reservation. */
  enum Reservation {
    /** The key was free and is taken now. */
    RESERVED(null),
    /** The key is taken. */
    ALREADY_USED("already-used"),
    /** There is no room; entries that are still needed are never dropped. */
    FULL("full"),
    /** The message is older than this store's memory. */
    BEFORE_START("before-start"),
    /** The store cannot be asked. */
    UNREACHABLE("unreachable");

    private final String why;

    Reservation(String why) {
      this.why = why;
    }

    String why() {
      return why;
    }
  }

  /**
   * Takes a key if it is free, in one atomic step. Nothing is thrown.
   *
   * @param key hex
   * @param untilMillis until when the key must stay taken (milliseconds since 1970)
   * @param issuedMillis when what the key stands for was begun (milliseconds since 1970)
   */
  Reservation reserve(String key, long untilMillis, long issuedMillis);
}
