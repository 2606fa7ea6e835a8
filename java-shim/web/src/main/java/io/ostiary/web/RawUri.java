package io.ostiary.web;

/**
 * Judges a request URI in the spelling the browser sent.
 *
 * <p>Containers, servlets and proxies disagree about what an unusual spelling means. A path that
 * could be read in two ways is therefore never taken for an open one, whatever the container made
 * of it.
 */
public final class RawUri {

  private static final String SESSION_PARAMETER = ";jsessionid=";

  private RawUri() {}

  /**
   * Tells whether the URI can be read in one way only.
   *
   * @param uri the undecoded path of the request (RFC 3986 section 3.3), may be null
   * @return false for path parameters (a trailing {@code ;jsessionid=} aside), an encoded {@code /
   *     \ . % ;}, an encoded or plain control character, anything outside printable ASCII, an empty
   *     segment, a dot segment or a broken escape
   */
  public static boolean isPlain(String uri) {
    if (uri == null || uri.isEmpty() || uri.charAt(0) != '/') {
      return false;
    }
    String path = withoutSessionParameter(uri);
    return hasPlainCharacters(path) && hasPlainSegments(path);
  }

  /** A container that rewrites URLs puts its session id behind the last segment. */
  public static String withoutSessionParameter(String uri) {
    int start = uri.indexOf(SESSION_PARAMETER);
    if (start < 0) {
      return uri;
    }
    for (int i = start + SESSION_PARAMETER.length(); i < uri.length(); i++) {
      if (!isSessionIdCharacter(uri.charAt(i))) {
        return uri;
      }
    }
    return uri.substring(0, start);
  }

  private static boolean isSessionIdCharacter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "-_.:!~".indexOf(c) >= 0;
  }

  private static boolean hasPlainCharacters(String path) {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == ';' || c == '\\') {
        return false;
      }
      if (c == '%') {
        if (i + 2 >= path.length() || !isPlainByte(path.charAt(i + 1), path.charAt(i + 2))) {
          return false;
        }
        i += 2;
      }
    }
    return true;
  }

  private static boolean isPlainByte(char high, char low) {
    int h = Character.digit(high, 16);
    int l = Character.digit(low, 16);
    if (h < 0 || l < 0) {
      return false;
    }
    int b = h * 16 + l;
    return b >= ' ' && b != 0x7f && b != '/' && b != '\\' && b != '.' && b != '%' && b != ';';
  }

  private static boolean hasPlainSegments(String path) {
    int start = 1;
    while (start <= path.length()) {
      int end = path.indexOf('/', start);
      boolean last = end < 0;
      String segment = path.substring(start, last ? path.length() : end);
      if (segment.equals(".") || segment.equals("..") || (segment.isEmpty() && !last)) {
        return false;
      }
      if (last) {
        return true;
      }
      start = end + 1;
    }
    return true;
  }
}
