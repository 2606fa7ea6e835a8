package io.ostiary.bridge;

import java.nio.charset.Charset;

/** Text as UTF-8 bytes, the encoding of the wire. */
final class Utf8 {
  private static final Charset CHARSET = Charset.forName("UTF-8");

  private Utf8() {}

  static byte[] bytes(String text) {
    return text.getBytes(CHARSET);
  }

  static String text(byte[] bytes) {
    return new String(bytes, CHARSET);
  }
}
