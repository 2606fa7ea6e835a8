package io.ostiary.bridge;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A one-time store in memory, for one node. What it does not remember it must not accept: it
 * refuses what began before it was made. Entries are kept by the monotonic clock, so that a clock
 * that is set back does not open a key again.
 */
public final class InMemoryOneTimeStore implements OneTimeStore {
  private static final int DEFAULT_CAPACITY = 200000;
  private static final long SWEEP_EVERY_NANOS = 60L * 1000 * 1000 * 1000;

  /** Where time comes from. */
  interface Clock {
    long currentTimeMillis();

    long nanoTime();
  }

  private final int capacity;
  private final Clock clock;
  private final long madeMillis;
  private final long madeNanos;

  /** Key to the moment, in nanoseconds since {@link #madeNanos}, at which it is free again. */
  private final Map<String, Long> taken = new HashMap<String, Long>();

  private long nextSweep;

  /** Room for 200,000 live entries. */
  public InMemoryOneTimeStore() {
    this(DEFAULT_CAPACITY);
  }

  /** Room for {@code capacity} live entries; when they are taken, sign-ins are refused. */
  public InMemoryOneTimeStore(int capacity) {
    this(
        capacity,
        new Clock() {
          @Override
          public long currentTimeMillis() {
            return System.currentTimeMillis();
          }

          @Override
          public long nanoTime() {
            return System.nanoTime();
          }
        });
  }

  InMemoryOneTimeStore(int capacity, Clock clock) {
    this.capacity = capacity;
    this.clock = clock;
    this.madeMillis = clock.currentTimeMillis();
    this.madeNanos = clock.nanoTime();
    this.nextSweep = SWEEP_EVERY_NANOS;
  }

  @Override
  public synchronized Reservation reserve(String key, long untilMillis, long issuedMillis) {
    if (issuedMillis < madeMillis) {
      return Reservation.BEFORE_START;
    }
    long now = clock.nanoTime() - madeNanos;
    Long freeAgain = taken.get(key);
    if (freeAgain != null && freeAgain.longValue() > now) {
      return Reservation.ALREADY_USED;
    }
    if (now >= nextSweep || taken.size() >= capacity) {
      sweep(now);
    }
    if (taken.size() >= capacity) {
      return Reservation.FULL;
    }
    taken.put(key, Long.valueOf(freeAgainAt(now, untilMillis)));
    return Reservation.RESERVED;
  }

  /**
   * The moment that is {@code untilMillis} by the wall clock of now; the end of time stays the end
   * of time.
   */
  private long freeAgainAt(long now, long untilMillis) {
    long wallMillis = clock.currentTimeMillis();
    long keepNanos =
        untilMillis <= wallMillis ? 0 : TimeUnit.MILLISECONDS.toNanos(untilMillis - wallMillis);
    return keepNanos > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + keepNanos;
  }

  private void sweep(long now) {
    nextSweep = now + SWEEP_EVERY_NANOS;
    for (Iterator<Long> moments = taken.values().iterator(); moments.hasNext(); ) {
      if (moments.next().longValue() <= now) {
        moments.remove();
      }
    }
  }
}
