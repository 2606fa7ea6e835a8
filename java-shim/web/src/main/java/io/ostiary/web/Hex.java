package io.ostiary.web;

import java.nio.charset.Charset;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Lower-case hexadecimal text, and the SHA-256 of a string in it. */
public final class Hex {

  private static final char[] DIGITS = "0123456789abcdef".toCharArray();

  private Hex() {}

  public static String of(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length * 2);
    for (byte b : bytes) {
      text.append(DIGITS[(b >> 4) & 0xf]).append(DIGITS[b & 0xf]);
    }
    return text.toString();
  }

  public static String sha256(String text) {
    try {
      return of(
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(Charset.forName("UTF-8"))));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e); // every JVM has SHA-256
    }
  }
}
