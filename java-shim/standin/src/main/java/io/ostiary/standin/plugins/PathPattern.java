package io.ostiary.standin.plugins;

import java.util.regex.Pattern;

/** A pattern of a descriptor: {@code *} stands for any text, {@code ?} for one character. */
final class PathPattern {

  private final String text;
  private final Pattern pattern;

  PathPattern(String text) {
    this.text = text;
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
    }
    this.pattern = Pattern.compile(regex.toString(), Pattern.DOTALL);
  }

  boolean matches(String path) {
    return pattern.matcher(path).matches();
  }

  /** The part before the first wildcard, without slash at the end. */
  String fixedPart() {
    int wildcard = 0;
    while (wildcard < text.length() && "*?".indexOf(text.charAt(wildcard)) < 0) {
      wildcard++;
    }
    String fixed = text.substring(0, wildcard);
    return wildcard < text.length() && fixed.endsWith("/")
        ? fixed.substring(0, fixed.length() - 1)
        : fixed;
  }

  boolean isExact() {
    return text.indexOf('*') < 0 && text.indexOf('?') < 0;
  }

  int length() {
    return text.length();
  }
}
