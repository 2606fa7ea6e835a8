package io.ostiary.bridge;

import static io.ostiary.bridge.OneTimeStore.Reservation.ALREADY_USED;
import static io.ostiary.bridge.OneTimeStore.Reservation.BEFORE_START;
import static io.ostiary.bridge.OneTimeStore.Reservation.FULL;
import static io.ostiary.bridge.OneTimeStore.Reservation.RESERVED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class InMemoryOneTimeStoreTest {
  private static final long START = 1_800_000_000_000L;
  private static final long MINUTE = 60_000;

  private final Hands clock = new Hands();
  private final InMemoryOneTimeStore store = new InMemoryOneTimeStore(3, clock);

  private OneTimeStore.Reservation reserve(String key, long minutes) {
    return store.reserve(key, clock.millis + minutes * MINUTE, clock.millis);
  }

  @Test
  void takesAKeyOnce() {
    assertThat(reserve("a", 5)).isEqualTo(RESERVED);
    assertThat(reserve("a", 5)).isEqualTo(ALREADY_USED);
    assertThat(reserve("b", 5)).isEqualTo(RESERVED);
  }

  @Test
  void refusesWhatWasIssuedBeforeItsMemoryBegins() {
    assertThat(store.reserve("a", START + MINUTE, START - 1)).isEqualTo(BEFORE_START);
    assertThat(store.reserve("a", START + MINUTE, START)).isEqualTo(RESERVED);
  }

  @Test
  void refusesWhenFullAndForgetsNoLiveEntry() {
    reserve("a", 5);
    reserve("b", 6);
    reserve("c", 7);
    assertThat(reserve("d", 5)).isEqualTo(FULL);
    for (String key : new String[] {"a", "b", "c"}) {
      assertThat(reserve(key, 5)).isEqualTo(ALREADY_USED);
    }
  }

  @Test
  void makesRoomByForgettingWhatHasExpired() {
    reserve("a", 1);
    reserve("b", 5);
    reserve("c", 5);
    clock.pass(MINUTE);
    assertThat(reserve("d", 5)).isEqualTo(RESERVED);
    assertThat(reserve("e", 5)).isEqualTo(FULL);
    assertThat(reserve("b", 5)).isEqualTo(ALREADY_USED);
  }

  @Test
  void keepsAKeyUntilTheLastMoment() {
    reserve("a", 1);
    clock.pass(MINUTE - 1);
    assertThat(reserve("a", 1)).isEqualTo(ALREADY_USED);
    clock.pass(1);
    assertThat(reserve("a", 1)).isEqualTo(RESERVED);
  }

  @Test
  void doesNotMindAWallClockThatIsSet() {
    reserve("a", 5);
    clock.millis += 60 * MINUTE; // the wall clock jumps; no time passes
    assertThat(store.reserve("a", clock.millis + MINUTE, clock.millis)).isEqualTo(ALREADY_USED);
    clock.millis -= 120 * MINUTE;
    assertThat(store.reserve("a", clock.millis + MINUTE, START)).isEqualTo(ALREADY_USED);
  }

  @Test
  void keepsAKeyThatEndsInTheDistantFuture() {
    assertThat(store.reserve("a", Long.MAX_VALUE, clock.millis)).isEqualTo(RESERVED);
    clock.pass(1000 * MINUTE);
    assertThat(reserve("a", 5)).isEqualTo(ALREADY_USED);
  }

  @Test
  void keepsAKeyThoughTheMonotonicClockBeginsAnywhere() {
    clock.nanos = Long.MAX_VALUE - 1000;
    InMemoryOneTimeStore late = new InMemoryOneTimeStore(3, clock);
    assertThat(late.reserve("a", clock.millis + 2 * MINUTE, clock.millis)).isEqualTo(RESERVED);
    clock.pass(MINUTE);
    assertThat(late.reserve("a", clock.millis + MINUTE, clock.millis)).isEqualTo(ALREADY_USED);
    clock.pass(MINUTE);
    assertThat(late.reserve("a", clock.millis + MINUTE, clock.millis)).isEqualTo(RESERVED);
  }

  @Test
  void givesAKeyToOneOfManyThreads() throws Exception {
    InMemoryOneTimeStore shared = new InMemoryOneTimeStore();
    long now = System.currentTimeMillis() + 1000;
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<Integer>> winners = new ArrayList<>();
    for (int thread = 0; thread < 8; thread++) {
      winners.add(
          threads.submit(
              () -> {
                int won = 0;
                for (int key = 0; key < 1000; key++) {
                  won += shared.reserve("key" + key, now + MINUTE, now) == RESERVED ? 1 : 0;
                }
                return won;
              }));
    }
    int won = 0;
    for (Future<Integer> winner : winners) {
      won += winner.get();
    }
    threads.shutdown();
    assertThat(won).isEqualTo(1000);
  }

  private static final class Hands implements InMemoryOneTimeStore.Clock {
    private long millis = START;
    private long nanos = -7_000_000_000L;

    private void pass(long passed) {
      millis += passed;
      nanos += passed * 1_000_000;
    }

    @Override
    public long currentTimeMillis() {
      return millis;
    }

    @Override
    public long nanoTime() {
      return nanos;
    }
  }
}
