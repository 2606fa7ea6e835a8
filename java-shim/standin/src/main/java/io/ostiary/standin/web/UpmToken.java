package io.ostiary.standin.web;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** The plug-in manager's own token: a function of the user, for as long as the host runs. */
final class UpmToken {

  private static final String SECRET = UUID.randomUUID().toString();

  private UpmToken() {}

  static String of(Exchange exchange) {
    return UUID.nameUUIDFromBytes((SECRET + exchange.username()).getBytes(StandardCharsets.UTF_8))
        .toString();
  }
}
