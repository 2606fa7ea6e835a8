package io.ostiary.bridge;

import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URL;
import java.util.List;

/** The JVM's proxy settings. */
final class Proxies {
  private Proxies() {}

  /** The proxy for a URL; {@link Proxy#NO_PROXY} where there is none. */
  static Proxy of(URL url) throws IOException {
    ProxySelector selector = ProxySelector.getDefault();
    if (selector == null) {
      return Proxy.NO_PROXY;
    }
    List<Proxy> proxies = selector.select(URI.create(url.toString()));
    return proxies == null || proxies.isEmpty() ? Proxy.NO_PROXY : proxies.get(0);
  }
}
