package io.ostiary.bridge;

/** Fetches the identity provider's metadata. */
public interface Fetcher {
  /**
   * Fetches a document. No redirect is followed; nothing is thrown.
   *
   * @param url an https URL from the configuration
   * @param maxBytes more than this is an error
   * @param timeoutMillis for the whole fetch
   */
  Fetched fetch(String url, int maxBytes, int timeoutMillis);

  /** What came back. */
  final class Fetched {
    private final int status;
    private final byte[] body;
    private final String error;

    private Fetched(int status, byte[] body, String error) {
      this.status = status;
      this.body = body;
      this.error = error;
    }

    /** An answer of the server, whatever its status. */
    public static Fetched of(int status, byte[] body) {
      return new Fetched(status, body.clone(), null);
    }

    /** No answer; the text is for the log. */
    public static Fetched failed(String error) {
      return new Fetched(0, null, error);
    }

    int status() {
      return status;
    }

    byte[] body() {
      return body;
    }

    String error() {
      return error;
    }
  }
}
