package io.ostiary.addon;

import java.util.function.BooleanSupplier;

/** Waits for what takes its time. */
final class Waiting {

  private static final int SECONDS = 90;

  private Waiting() {}

  static void until(BooleanSupplier condition) {
    for (int i = 0; i < SECONDS * 5; i++) {
      if (condition.getAsBoolean()) {
        return;
      }
      try {
        Thread.sleep(200);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      }
    }
    throw new AssertionError("did not happen within " + SECONDS + " seconds");
  }
}
