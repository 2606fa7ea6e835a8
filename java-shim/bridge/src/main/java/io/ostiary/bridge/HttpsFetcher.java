package io.ostiary.bridge;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.util.Locale;

/** Fetches over https with the JVM's trust store and proxy settings; http only from this very machine. Redirects are not followed. */
public final class HttpsFetcher implements Fetcher {
  @Override
  public Fetched fetch(String url, int maxBytes, int timeoutMillis) {
    long deadline = System.nanoTime() + timeoutMillis * 1000L * 1000;
    HttpURLConnection connection = null;
    try {
      URL parsed = new URL(url);
      if (!parsed.getProtocol().equals("https") && !(parsed.getProtocol().equals("http") && isLoopback(parsed.getHost()))) {
        return Fetched.failed("only https is fetched");
      }
      URLConnection opened = parsed.openConnection();
      if (!(opened instanceof HttpURLConnection)) {
        return Fetched.failed("not an HTTP URL");
      }
      connection = (HttpURLConnection) opened;
      connection.setInstanceFollowRedirects(false);
      connection.setConnectTimeout(timeoutMillis);
      connection.setReadTimeout(timeoutMillis);
      connection.setUseCaches(false);
      connection.setRequestProperty("Accept", "application/samlmetadata+xml, application/xml, text/xml");
      int status = connection.getResponseCode();
      if (status != 200) {
        return Fetched.of(status, new byte[0]);
      }
      return read(connection.getInputStream(), maxBytes, deadline);
    } catch (IOException e) {
      return Fetched.failed(e.toString());
    } catch (RuntimeException e) {
      return Fetched.failed(e.toString());
    } finally {
      if (connection != null) {
        connection.disconnect();
      }
    }
  }

  private static Fetched read(InputStream in, int maxBytes, long deadline) throws IOException {
    try {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      byte[] buffer = new byte[8192];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        body.write(buffer, 0, n);
        if (body.size() > maxBytes) {
          return Fetched.failed("the document is larger than " + maxBytes + " bytes");
        }
        if (System.nanoTime() - deadline > 0) {
          return Fetched.failed("the document came too slowly");
        }
      }
      return Fetched.of(200, body.toByteArray());
    } finally {
      in.close();
    }
  }

  /** {@code localhost} and below, 127.0.0.0/8 and ::1, by their spelling: no name is resolved to find out. */
  static boolean isLoopback(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return name.equals("localhost") || name.endsWith(".localhost") || name.equals("[::1]") || name.matches("127(\\.(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])){3}");
  }
}
