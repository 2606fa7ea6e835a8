package io.ostiary.bridge;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * TLS 1.2 or newer, whatever the JVM's own default is (old ones begin with TLS 1.0), and to one
 * address where one is given. The certificate is still checked against the name.
 */
final class TlsSockets extends SSLSocketFactory {
  private static final List<String> PROTOCOLS = Arrays.asList("TLSv1.3", "TLSv1.2");

  private final SSLSocketFactory factory;
  private final List<String> suites;
  private final InetAddress address;
  private final boolean direct;

  /**
   * @param address where direct connections go whatever the name resolves to by then; null for no
   *     such rule
   */
  TlsSockets(InetAddress address, Proxy proxy) throws IOException {
    this.address = address;
    this.direct = proxy.type() == Proxy.Type.DIRECT;
    this.factory = HttpsURLConnection.getDefaultSSLSocketFactory();
    this.suites = Arrays.asList(suites());
  }

  /** Those of TLS 1.2 on this JVM; its usual context may have only those of less. */
  private static String[] suites() throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLSv1.2");
      context.init(null, null, null);
      return context.getDefaultSSLParameters().getCipherSuites();
    } catch (GeneralSecurityException e) {
      throw new IOException("this JVM has no TLS 1.2", e);
    }
  }

  /** Called by the JVM before it connects; TLS is put on afterwards. */
  @Override
  public Socket createSocket() {
    return address == null ? new Socket() : new Pinned(address);
  }

  @Override
  public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
      throws IOException {
    if (address != null && direct && !(socket instanceof Pinned)) {
      throw new IOException("this JVM connects in a way that cannot be held to one address");
    }
    SSLSocket tls = (SSLSocket) factory.createSocket(socket, host, port, autoClose);
    tls.setEnabledProtocols(both(PROTOCOLS, tls.getSupportedProtocols()));
    tls.setEnabledCipherSuites(both(suites, tls.getSupportedCipherSuites()));
    return tls;
  }

  private static String[] both(List<String> wanted, String[] supported) {
    List<String> both = new ArrayList<String>(wanted);
    both.retainAll(Arrays.asList(supported));
    return both.toArray(new String[0]);
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    throw elsewhere();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    throw elsewhere();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    throw elsewhere();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    throw elsewhere();
  }

  private static IOException elsewhere() {
    return new IOException("there is one way to connect, and this is another");
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return factory.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return factory.getSupportedCipherSuites();
  }

  /** A socket that goes to one address. */
  private static final class Pinned extends Socket {
    private final InetAddress address;

    Pinned(InetAddress address) {
      this.address = address;
    }

    @Override
    public void connect(SocketAddress endpoint) throws IOException {
      super.connect(pinned(endpoint));
    }

    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
      super.connect(pinned(endpoint), timeout);
    }

    private SocketAddress pinned(SocketAddress endpoint) {
      return new InetSocketAddress(address, ((InetSocketAddress) endpoint).getPort());
    }
  }
}
