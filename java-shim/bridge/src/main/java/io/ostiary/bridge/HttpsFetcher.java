package io.ostiary.bridge;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URL;
import java.net.URLConnection;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Fetches over https with the JVM's trust store and proxy settings; http only from this very
 * machine. Redirects are not followed.
 */
public final class HttpsFetcher implements Fetcher {
  /**
   * {@inheritDoc}
   *
   * <p>The work is done by a thread of its own, because the JVM's timeouts count anew with every
   * byte and do not count name resolution at all. The thread ends with the fetch; when time is up
   * its connection is closed, and nobody waits for it.
   */
  @Override
  public Fetched fetch(String url, int maxBytes, int timeoutMillis) {
    HttpURLConnection connection;
    try {
      connection = open(url, timeoutMillis);
    } catch (IOException e) {
      return Fetched.failed(e.toString());
    } catch (RuntimeException e) {
      return Fetched.failed(e.toString());
    }
    if (connection == null) {
      return Fetched.failed("only https is fetched");
    }
    try {
      FutureTask<Fetched> work = new FutureTask<Fetched>(new Exchange(connection, maxBytes));
      Thread thread = new Thread(work, "ostiary-fetch");
      thread.setDaemon(true);
      thread.start();
      return work.get(timeoutMillis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return Fetched.failed(Why.TIMEOUT, "no complete answer within " + timeoutMillis + " ms");
    } catch (ExecutionException e) {
      return Fetched.failed(why(e.getCause()), e.getCause().toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Fetched.failed("interrupted");
    } finally {
      connection.disconnect();
    }
  }

  private static Why why(Throwable failure) {
    if (failure instanceof SSLException) {
      return Why.TLS;
    }
    if (failure instanceof SocketTimeoutException) {
      return Why.TIMEOUT;
    }
    return failure instanceof UnknownHostException ? Why.UNKNOWN_HOST : null;
  }

  /** The connection, still silent; null for a URL that is not fetched. */
  private static HttpURLConnection open(String url, int timeoutMillis) throws IOException {
    URL parsed = new URL(url);
    if (!parsed.getProtocol().equals("https")
        && !(parsed.getProtocol().equals("http") && isLoopback(parsed.getHost()))) {
      return null;
    }
    URLConnection opened = parsed.openConnection();
    if (!(opened instanceof HttpURLConnection)) {
      return null;
    }
    HttpURLConnection connection = (HttpURLConnection) opened;
    connection.setInstanceFollowRedirects(false);
    connection.setConnectTimeout(timeoutMillis);
    connection.setReadTimeout(timeoutMillis);
    connection.setUseCaches(false);
    connection.setRequestProperty(
        "Accept", "application/samlmetadata+xml, application/xml, text/xml");
    return connection;
  }

  /**
   * {@code localhost} and below, 127.0.0.0/8 and ::1, by their spelling: no name is resolved to
   * find out.
   */
  static boolean isLoopback(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || name.equals("[::1]")
        || name.matches("127(\\.(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])){3}");
  }

  /** Request and answer. */
  private static final class Exchange implements Callable<Fetched> {
    private final HttpURLConnection connection;
    private final int maxBytes;

    Exchange(HttpURLConnection connection, int maxBytes) {
      this.connection = connection;
      this.maxBytes = maxBytes;
    }

    @Override
    public Fetched call() throws IOException {
      int status = connection.getResponseCode();
      if (status != 200) {
        return Fetched.of(status, new byte[0]);
      }
      try (InputStream in = connection.getInputStream()) {
        return read(in);
      }
    }

    private Fetched read(InputStream in) throws IOException {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      byte[] buffer = new byte[8192];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        body.write(buffer, 0, n);
        if (body.size() > maxBytes) {
          // Before the stream is closed, which would read on to keep the connection.
          connection.disconnect();
          return Fetched.failed(
              Why.TOO_LARGE, "the document is larger than " + maxBytes + " bytes");
        }
      }
      return Fetched.of(200, body.toByteArray());
    }
  }
}
