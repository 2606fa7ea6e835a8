package io.ostiary.web;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * One daemon thread for work that recurs. It ends with {@link #stop()}, so that the application's
 * class loader can go.
 */
public final class Clockwork {

  private static final long LAST_TURN_SECONDS = 5;

  private final ScheduledThreadPoolExecutor clock;

  /**
   * @param name the thread's
   */
  public Clockwork(String name) {
    clock = new ScheduledThreadPoolExecutor(1, new Daemons(name));
  }

  /**
   * Does work again and again. What it throws is logged, and does not keep it from its next turn.
   */
  public void every(long firstSeconds, long seconds, Runnable work) {
    Future<?> unused =
        clock.scheduleWithFixedDelay(new Turn(work), firstSeconds, seconds, TimeUnit.SECONDS);
  }

  /** Ends the thread; a turn that is under way has a moment to finish. */
  public void stop() {
    clock.shutdownNow();
    try {
      clock.awaitTermination(LAST_TURN_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A task that throws would never run again. */
  private static final class Turn implements Runnable {
    private final Runnable work;

    Turn(Runnable work) {
      this.work = work;
    }

    @Override
    public void run() {
      try {
        work.run();
      } catch (RuntimeException e) {
        Log.defect("background work failed", e);
      } catch (LinkageError e) {
        Log.defect("background work failed", e);
      }
    }
  }

  private static final class Daemons implements ThreadFactory {
    private final String name;

    Daemons(String name) {
      this.name = name;
    }

    @Override
    public Thread newThread(Runnable work) {
      Thread thread = new Thread(work, name);
      thread.setDaemon(true);
      return thread;
    }
  }
}
