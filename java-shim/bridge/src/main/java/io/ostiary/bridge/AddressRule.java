package io.ostiary.bridge;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Which addresses may be fetched from on behalf of somebody who must not reach what only this
 * machine reaches: itself, its link, and the metadata service of a cloud.
 */
final class AddressRule {
  /** Where clouds serve a machine its own secrets, beside the link-local 169.254.169.254. */
  private static final byte[][] METADATA_SERVICES = {
    {(byte) 0xfd, 0, 0x0e, (byte) 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0x54},
    {(byte) 100, 100, 100, (byte) 200},
    {(byte) 168, 63, (byte) 129, 16},
    {(byte) 192, 0, 0, (byte) 192},
  };

  private final boolean allowLoopback;

  AddressRule(boolean allowLoopback) {
    this.allowLoopback = allowLoopback;
  }

  /** An address that is not fetched from. */
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    Refused(String host, InetAddress address) {
      super(host + " is " + address.getHostAddress() + ", and that is not fetched from");
    }
  }

  /**
   * Resolves a host and looks at every address it has.
   *
   * @return the address to connect to; null where a proxy connects and the name cannot be resolved
   *     here
   */
  InetAddress check(String host, Proxy proxy) throws IOException {
    InetAddress[] addresses;
    try {
      addresses = InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      if (proxy.type() == Proxy.Type.DIRECT) {
        throw e;
      }
      return null;
    }
    for (InetAddress address : addresses) {
      if (!isAllowed(address)) {
        throw new Refused(host, address);
      }
    }
    return addresses[0];
  }

  boolean isAllowed(InetAddress given) {
    InetAddress address = embedded(given);
    if (address.isLoopbackAddress()) {
      return allowLoopback;
    }
    byte[] octets = address.getAddress();
    for (byte[] service : METADATA_SERVICES) {
      if (Arrays.equals(service, octets)) {
        return false;
      }
    }
    return !address.isLinkLocalAddress()
        && !address.isAnyLocalAddress()
        && !address.isMulticastAddress()
        && !(address instanceof Inet4Address && octets[0] == 0);
  }

  /** The IPv4 address that an IPv6 one carries: mapped, compatible, 6to4 or NAT64. */
  private static InetAddress embedded(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return address;
    }
    byte[] octets = address.getAddress();
    boolean zeros = true;
    for (int i = 0; i < 10; i++) {
      zeros &= octets[i] == 0;
    }
    boolean mapped = zeros && octets[10] == (byte) 0xff && octets[11] == (byte) 0xff;
    boolean compatible = zeros && octets[10] == 0 && octets[11] == 0 && octets[12] != 0;
    boolean nat64 = octets[0] == 0 && octets[1] == 0x64 && octets[2] == (byte) 0xff;
    boolean sixToFour = octets[0] == 0x20 && octets[1] == 2;
    if (!(mapped || compatible || nat64 || sixToFour)) {
      return address;
    }
    int at = sixToFour ? 2 : 12;
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(octets, at, at + 4));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four octets are an address", e);
    }
  }
}
