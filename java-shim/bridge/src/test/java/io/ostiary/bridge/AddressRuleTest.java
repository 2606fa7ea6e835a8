package io.ostiary.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.Proxy;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRuleTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "169.254.1.1",
        "fe80::1",
        "::ffff:169.254.169.254",
        "::169.254.169.254",
        "64:ff9b::169.254.169.254",
        "2002:a9fe:a9fe::",
        "fd00:ec2::254",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "0.0.0.0",
        "0.1.2.3",
        "::",
        "224.0.0.1",
        "ff02::1"
      })
  void refuses_what_only_this_machine_reaches(String address) throws UnknownHostException {
    for (boolean allowLoopback : new boolean[] {true, false}) {
      assertThat(new AddressRule(allowLoopback).isAllowed(InetAddress.getByName(address)))
          .isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"})
  void refuses_this_machine_unless_it_is_allowed(String address) throws UnknownHostException {
    InetAddress loopback = InetAddress.getByName(address);
    assertThat(new AddressRule(false).isAllowed(loopback)).isFalse();
    assertThat(new AddressRule(true).isAllowed(loopback)).isTrue();
  }

  /** An intranet has its identity provider (AD FS, say) at a private address. */
  @ParameterizedTest
  @ValueSource(strings = {"20.190.128.1", "10.1.2.3", "192.168.1.1", "2603:1026::1", "fd12::1"})
  void allows_the_internet_and_the_intranet(String address) throws UnknownHostException {
    assertThat(new AddressRule(false).isAllowed(InetAddress.getByName(address))).isTrue();
  }

  @Test
  void looks_at_the_addresses_of_a_name() {
    assertThatThrownBy(() -> new AddressRule(false).check("localhost", Proxy.NO_PROXY))
        .isInstanceOf(AddressRule.Refused.class);
  }
}
