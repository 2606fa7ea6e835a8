package io.ostiary.bridge;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Proxy;
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
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLException;

/**
 * Fetches over https with the JVM's trust store and proxy settings; http only from this very
 * machine. Redirects are not followed.
 */
public final class HttpsFetcher implements Fetcher {
  private final AddressRule rule;

  /** Fetches from wherever the URL says: for a URL that the operator of the machine has set. */
  public HttpsFetcher() {
    this(null);
  }

  private HttpsFetcher(AddressRule rule) {
    this.rule = rule;
  }

  /**
   * Fetches for people who administer an application, and not the machine: link-local and
   * metadata-service addresses are refused, after the name was resolved, and the connection goes to
   * the very address that was looked at. Behind a proxy the proxy chooses the address.
   *
   * @param allowLoopback whether this very machine may be asked
   */
  public static HttpsFetcher forAdministrators(boolean allowLoopback) {
    return new HttpsFetcher(new AddressRule(allowLoopback));
  }

  /**
   * {@inheritDoc}
   *
   * <p>The work is done by a thread of its own, because the JVM's timeouts count anew with every
   * byte and do not count name resolution at all. The thread ends with the fetch; when time is up
   * its connection is closed, and nobody waits for it.
   */
  @Override
  public Fetched fetch(String url, int maxBytes, int timeoutMillis) {
    Exchange exchange = new Exchange(rule, url, maxBytes, timeoutMillis);
    FutureTask<Fetched> work = new FutureTask<Fetched>(exchange);
    Thread thread = new Thread(work, "ostiary-fetch");
    thread.setDaemon(true);
    try {
      thread.start();
      return work.get(timeoutMillis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return Fetched.failed(Why.TIMEOUT, "no complete answer within " + timeoutMillis + " ms");
    } catch (ExecutionException e) {
      return Fetched.failed(why(e.getCause()), e.getCause().toString());
    } catch (InterruptedException e) {
      exchange.disconnect();
      awaitEnd(thread);
      Thread.currentThread().interrupt();
      return Fetched.failed("interrupted");
    } finally {
      exchange.disconnect();
    }
  }

  /** Who interrupts is about to drop our class loader: the thread should not outlive it. */
  private static void awaitEnd(Thread thread) {
    try {
      thread.join(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Why why(Throwable failure) {
    if (failure instanceof AddressRule.Refused) {
      return Why.ADDRESS_REFUSED;
    }
    if (failure instanceof SSLException) {
      return Why.TLS;
    }
    if (failure instanceof SocketTimeoutException) {
      return Why.TIMEOUT;
    }
    return failure instanceof UnknownHostException ? Why.UNKNOWN_HOST : null;
  }

  /** The connection, still silent; null for a URL that is not fetched. */
  private static HttpURLConnection open(AddressRule rule, String url, int timeoutMillis)
      throws IOException {
    URL parsed = new URL(url);
    if (!parsed.getProtocol().equals("https")
        && !(parsed.getProtocol().equals("http") && isLoopback(parsed.getHost()))) {
      return null;
    }
    Proxy proxy = Proxies.of(parsed);
    InetAddress address = rule == null ? null : rule.check(parsed.getHost(), proxy);
    URLConnection opened = parsed.openConnection(proxy);
    if (opened instanceof HttpsURLConnection) {
      ((HttpsURLConnection) opened).setSSLSocketFactory(new TlsSockets(address, proxy));
    }
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
    private final AddressRule rule;
    private final String url;
    private final int maxBytes;
    private final int timeoutMillis;
    private volatile HttpURLConnection connection;
    private volatile boolean stopped;

    Exchange(AddressRule rule, String url, int maxBytes, int timeoutMillis) {
      this.rule = rule;
      this.url = url;
      this.maxBytes = maxBytes;
      this.timeoutMillis = timeoutMillis;
    }

    void disconnect() {
      stopped = true;
      HttpURLConnection opened = connection;
      if (opened != null) {
        opened.disconnect();
      }
    }

    @Override
    public Fetched call() throws IOException {
      connection = open(rule, url, timeoutMillis);
      if (connection == null) {
        return Fetched.failed("only https is fetched");
      }
      if (stopped) {
        return Fetched.failed("interrupted");
      }
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
