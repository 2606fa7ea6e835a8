package io.ostiary.bridge;

/** Fetches the identity provider's metadata. */
public interface Fetcher {
  /** Why nothing came back, for programs. */
  enum Why {
    /** It took too long. */
    TIMEOUT("timeout"),
    /** The server's certificate is not trusted, or TLS failed otherwise. */
    TLS("tls"),
    /** More than was allowed. */
    TOO_LARGE("too-large"),
    /** The name leads to an address that is never fetched from. */
    ADDRESS_REFUSED("address-refused"),
    /** The name leads nowhere. */
    UNKNOWN_HOST("unknown-host");

    private final String text;

    Why(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

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
    private final Why why;

    private Fetched(int status, byte[] body, String error, Why why) {
      this.status = status;
      this.body = body;
      this.error = error;
      this.why = why;
    }

    /** An answer of the server, whatever its status. */
    public static Fetched of(int status, byte[] body) {
      return new Fetched(status, body.clone(), null, null);
    }

    /** No answer; the text is for the log. */
    public static Fetched failed(String error) {
      return new Fetched(0, null, error, null);
    }

    /** No answer, for a reason that the administrator is told. */
    public static Fetched failed(Why why, String error) {
      return new Fetched(0, null, error, why);
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

    Why why() {
      return why;
    }
  }
}
