package io.ostiary.standin.users;

import io.ostiary.standin.host.Journal;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** The last-login dates, and every call that moved one. */
public final class SignIns {

  private final Map<String, Tally> tallies = new TreeMap<>();
  private final Journal record;

  public SignIns(Journal record) {
    this.record = record;
  }

  /** Moves the user's last-login date; {@code how} names the method that was called. */
  public synchronized void succeeded(String how, String name) {
    Tally tally = of(name);
    tally.count++;
    tally.last = Instant.now().toString();
    record.add("logins", Map.of("user", name, "how", how, "result", "success"));
  }

  public synchronized void failed(String how, String name) {
    of(name).failed++;
    record.add("logins", Map.of("user", String.valueOf(name), "how", how, "result", "failure"));
  }

  public synchronized Tally tally(String name) {
    return of(name);
  }

  private Tally of(String name) {
    return tallies.computeIfAbsent(String.valueOf(name), key -> new Tally());
  }

  /** One user's sign-ins. */
  public static final class Tally {

    private long count;
    private long failed;
    private String last;

    public long count() {
      return count;
    }

    public long failed() {
      return failed;
    }

    /** ISO-8601, or null where there was none. */
    public String last() {
      return last;
    }
  }
}
