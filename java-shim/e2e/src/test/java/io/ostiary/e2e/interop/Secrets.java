package io.ostiary.e2e.interop;

import java.math.BigInteger;
import java.security.SecureRandom;

/** Passwords that last as long as the test. */
final class Secrets {

  private static final SecureRandom RANDOM = new SecureRandom();

  private Secrets() {}

  static String random() {
    return new BigInteger(128, RANDOM).toString(36);
  }
}
