package io.ostiary.bridge;

/** Base64 (RFC 4648, section 4). Java 7 has none that is still there in Java 11. */
final class Base64Text {
  private static final String DIGITS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  private Base64Text() {}

  static String encode(byte[] data) {
    StringBuilder text = new StringBuilder((data.length + 2) / 3 * 4);
    for (int i = 0; i < data.length; i += 3) {
      int rest = data.length - i;
      int group =
          (data[i] & 255) << 16
              | (rest > 1 ? (data[i + 1] & 255) << 8 : 0)
              | (rest > 2 ? data[i + 2] & 255 : 0);
      text.append(DIGITS.charAt(group >> 18 & 63)).append(DIGITS.charAt(group >> 12 & 63));
      text.append(rest > 1 ? DIGITS.charAt(group >> 6 & 63) : '=')
          .append(rest > 2 ? DIGITS.charAt(group & 63) : '=');
    }
    return text.toString();
  }
}
