package io.ostiary.bridge;

/**
 * Fetches one URL in a JVM of its own, whose switches are those of a host; prints what came of it.
 */
public final class FetchOnce {
  private FetchOnce() {}

  public static void main(String[] args) {
    Fetcher.Fetched fetched = HttpsFetcher.forAdministrators(true).fetch(args[0], 1 << 20, 20_000);
    System.out.println(fetched.error() == null ? "status " + fetched.status() : fetched.error());
  }
}
