package io.ostiary.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HttpsFetcherTest {
  private static final byte[] DOCUMENT = "<EntityDescriptor/>".getBytes(StandardCharsets.US_ASCII);
  private static final int PLENTY = 1 << 20;

  private final SSLSocketFactory usualTrust = HttpsURLConnection.getDefaultSSLSocketFactory();
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    HttpsURLConnection.setDefaultSSLSocketFactory(usualTrust);
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private static Fetcher.Fetched fetch(String url) {
    return new HttpsFetcher().fetch(url, PLENTY, 5000);
  }

  private static void send(HttpExchange exchange, byte[] body) throws IOException {
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Test
  void fetchesADocument() {
    server.createContext("/metadata", exchange -> send(exchange, DOCUMENT));
    Fetcher.Fetched fetched = fetch(url("/metadata"));
    assertThat(fetched.error()).isNull();
    assertThat(fetched.status()).isEqualTo(200);
    assertThat(fetched.body()).isEqualTo(DOCUMENT);
  }

  @Test
  void followsNoRedirect() {
    AtomicInteger followed = new AtomicInteger();
    server.createContext(
        "/moved",
        exchange -> {
          exchange.getResponseHeaders().add("Location", url("/elsewhere"));
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
    server.createContext(
        "/elsewhere",
        exchange -> {
          followed.incrementAndGet();
          send(exchange, DOCUMENT);
        });
    Fetcher.Fetched fetched = fetch(url("/moved"));
    assertThat(fetched.status()).isEqualTo(302);
    assertThat(fetched.body()).isEmpty();
    assertThat(followed).hasValue(0);
  }

  @Test
  void tellsTheStatusOfARefusal() {
    Fetcher.Fetched fetched = fetch(url("/absent"));
    assertThat(fetched.status()).isEqualTo(404);
    assertThat(fetched.body()).isEmpty();
  }

  @Test
  void takesADocumentOfTheLargestSizeAndNotOneByteMore() {
    server.createContext("/metadata", exchange -> send(exchange, DOCUMENT));
    assertThat(new HttpsFetcher().fetch(url("/metadata"), DOCUMENT.length, 5000).body())
        .isEqualTo(DOCUMENT);
    Fetcher.Fetched refused = new HttpsFetcher().fetch(url("/metadata"), DOCUMENT.length - 1, 5000);
    assertThat(refused.body()).isNull();
    assertThat(refused.error()).contains("larger than");
    assertThat(refused.why()).isEqualTo(Fetcher.Why.TOO_LARGE);
  }

  @Test
  void stopsReadingADocumentWithoutEnd() {
    server.createContext(
        "/endless",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] block = new byte[8192];
          try (OutputStream out = exchange.getResponseBody()) {
            while (true) {
              out.write(block);
            }
          }
        });
    assertThat(fetch(url("/endless")).error()).contains("larger than");
  }

  @Test
  void givesUpOnASlowBody() throws Exception {
    assertGivesUpOn("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", "x");
  }

  @Test
  void givesUpOnSlowHeaders() throws Exception {
    assertGivesUpOn("HTTP/1.1 200 OK\r\nX-Slow: ", "x");
  }

  @Test
  void givesUpOnSilence() throws Exception {
    assertGivesUpOn("", "");
  }

  /** A server that sends something, and then a little of something every 100 ms, for ever. */
  private static void assertGivesUpOn(String first, String drop) throws Exception {
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      AtomicBoolean seen = new AtomicBoolean();
      Thread drips = new Thread(() -> drip(listening, first, drop, seen));
      drips.start();
      long start = System.nanoTime();
      Fetcher.Fetched fetched =
          new HttpsFetcher()
              .fetch("http://127.0.0.1:" + listening.getLocalPort() + "/", PLENTY, 700);
      long millis = (System.nanoTime() - start) / 1_000_000;
      assertThat(fetched.error()).isNotNull();
      assertThat(millis).isBetween(500L, 2000L);
      assertThat(fetchesStillRunning(2000)).isZero();
      seen.set(true);
      drips.join();
    }
  }

  /** How many fetches still run when they have had this long to notice that nobody waits. */
  private static long fetchesStillRunning(int millis) throws InterruptedException {
    for (int waited = 0; ; waited += 50) {
      long running =
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> thread.getName().equals("ostiary-fetch"))
              .count();
      if (running == 0 || waited >= millis) {
        return running;
      }
      Thread.sleep(50);
    }
  }

  private static void drip(ServerSocket listening, String first, String drop, AtomicBoolean seen) {
    try (Socket socket = listening.accept()) {
      OutputStream out = socket.getOutputStream();
      out.write(first.getBytes(StandardCharsets.US_ASCII));
      while (!seen.get()) {
        out.write(drop.getBytes(StandardCharsets.US_ASCII));
        out.flush();
        Thread.sleep(100);
      }
    } catch (IOException goneAway) {
      // the fetcher hung up, as it should
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void saysThatNobodyListens() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    assertThat(fetch("http://127.0.0.1:" + port + "/").error()).contains("refused");
  }

  @Test
  void fetchesNothingButHttpsFromElsewhere() {
    for (String url :
        new String[] {
          "http://login.example.com/",
          "file:///etc/hostname",
          "jar:file:///a.jar!/b",
          "ftp://127.0.0.1/",
          "nonsense",
          ""
        }) {
      Fetcher.Fetched fetched = fetch(url);
      assertThat(fetched.error()).as(url).isNotNull();
      assertThat(fetched.body()).as(url).isNull();
    }
  }

  @Test
  void knowsThisMachineByItsSpelling() {
    for (String here :
        new String[] {
          "localhost", "LOCALHOST", "idp.localhost", "127.0.0.1", "127.255.0.3", "[::1]"
        }) {
      assertThat(HttpsFetcher.isLoopback(here)).as(here).isTrue();
    }
    for (String there :
        new String[] {
          "localhost.example.com",
          "127.0.0.1.example.com",
          "127.0.0.256",
          "128.0.0.1",
          "notlocalhost",
          "[::2]",
          ""
        }) {
      assertThat(HttpsFetcher.isLoopback(there)).as(there).isFalse();
    }
  }

  @Test
  void trustsACertificateOnlyWhenTheTrustStoreDoes() throws Exception {
    KeyStore ours = Certificates.keyStore("localhost");
    try (Tls tls = new Tls(ours)) {
      Fetcher.Fetched refused = fetch(tls.url("localhost"));
      assertThat(refused.body()).isNull();
      assertThat(refused.error()).contains("SSLHandshakeException");
      assertThat(refused.why()).isEqualTo(Fetcher.Why.TLS);

      HttpsURLConnection.setDefaultSSLSocketFactory(
          context(null, Certificates.trusting(ours)).getSocketFactory());
      assertThat(fetch(tls.url("localhost")).body()).isEqualTo(DOCUMENT);
    }
  }

  @Test
  void refusesATrustedCertificateOfAnotherHost() throws Exception {
    KeyStore ours = Certificates.keyStore("elsewhere.example.com", "dns:elsewhere.example.com");
    HttpsURLConnection.setDefaultSSLSocketFactory(
        context(null, Certificates.trusting(ours)).getSocketFactory());
    try (Tls tls = new Tls(ours)) {
      assertThat(fetch(tls.url("localhost")).error()).contains("SSLHandshakeException");
    }
  }

  @Test
  void asksThisMachineForAdministratorsOnlyWhereThatIsAllowed() throws Exception {
    server.createContext("/metadata", exchange -> send(exchange, DOCUMENT));
    assertThat(HttpsFetcher.forAdministrators(true).fetch(url("/metadata"), PLENTY, 5000).body())
        .isEqualTo(DOCUMENT);
    Fetcher.Fetched refused =
        HttpsFetcher.forAdministrators(false).fetch(url("/metadata"), PLENTY, 5000);
    assertThat(refused.why()).isEqualTo(Fetcher.Why.ADDRESS_REFUSED);
  }

  /** Certificate and name are checked as ever, though the address was chosen before. */
  @Test
  void holdsAConnectionToTheAddressThatWasLookedAt() throws Exception {
    KeyStore ours = Certificates.keyStore("localhost", "dns:localhost");
    HttpsURLConnection.setDefaultSSLSocketFactory(
        context(null, Certificates.trusting(ours)).getSocketFactory());
    try (Tls tls = new Tls(ours)) {
      HttpsFetcher fetcher = HttpsFetcher.forAdministrators(true);
      assertThat(fetcher.fetch(tls.url("localhost"), PLENTY, 5000).body()).isEqualTo(DOCUMENT);
      assertThat(fetcher.fetch(tls.url("127.0.0.1"), PLENTY, 5000).why())
          .isEqualTo(Fetcher.Why.TLS);
      InetAddress elsewhere = InetAddress.getByName("127.9.9.9");
      try (Socket socket = new TlsSockets(elsewhere, Proxy.NO_PROXY).createSocket()) {
        assertThatThrownBy(
                () -> socket.connect(new InetSocketAddress("127.0.0.1", tls.port()), 2000))
            .isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void speaksTls12WhereTheJvmWouldBeginWithLess() throws Exception {
    KeyStore ours = Certificates.keyStore("localhost");
    Path trusted = Files.createTempFile("ostiary-trusted", ".p12");
    try (Tls tls = new Tls(ours)) {
      try (OutputStream out = Files.newOutputStream(trusted)) {
        Certificates.trusting(ours).store(out, Certificates.PASSWORD);
      }
      Process fetching =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Djdk.tls.client.protocols=TLSv1",
                  "-Djavax.net.ssl.trustStore=" + trusted,
                  "-Djavax.net.ssl.trustStorePassword=" + new String(Certificates.PASSWORD),
                  "-cp",
                  System.getProperty("java.class.path"),
                  "io.ostiary.bridge.FetchOnce",
                  tls.url("localhost"))
              .redirectErrorStream(true)
              .start();
      String told = new String(fetching.getInputStream().readAllBytes(), UTF_8);
      assertThat(told.trim()).isEqualTo("status 200");
    } finally {
      Files.deleteIfExists(trusted);
    }
  }

  private static SSLContext context(KeyStore keys, KeyStore trusted)
      throws GeneralSecurityException {
    KeyManagerFactory keyManagers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keyManagers.init(keys, Certificates.PASSWORD);
    TrustManagerFactory trustManagers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trustManagers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        keys == null ? null : keyManagers.getKeyManagers(),
        trusted == null ? null : trustManagers.getTrustManagers(),
        null);
    return context;
  }

  /** A server with a certificate. */
  private static final class Tls implements AutoCloseable {
    private final HttpsServer server;

    private Tls(KeyStore keys) throws IOException, GeneralSecurityException {
      server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(context(keys, null)));
      server.createContext("/metadata", exchange -> send(exchange, DOCUMENT));
      server.start();
    }

    private int port() {
      return server.getAddress().getPort();
    }

    private String url(String host) {
      return "https://" + host + ":" + server.getAddress().getPort() + "/metadata";
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
