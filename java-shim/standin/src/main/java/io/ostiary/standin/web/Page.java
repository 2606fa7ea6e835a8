package io.ostiary.standin.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page's template: {@code {{name}}} is replaced escaped, {@code {{{name}}}} as it is. */
final class Page {

  private static final Pattern HOLE = Pattern.compile("\\{\\{(\\{?)([a-z-]+)\\}\\}\\}?");

  private Page() {}

  static String fill(String template, Map<String, String> values) {
    Matcher hole = HOLE.matcher(read(template));
    StringBuilder page = new StringBuilder();
    while (hole.find()) {
      String value = values.get(hole.group(2));
      if (value == null) {
        throw new IllegalArgumentException(template + " wants " + hole.group(2));
      }
      hole.appendReplacement(
          page, Matcher.quoteReplacement(hole.group(1).isEmpty() ? escape(value) : value));
    }
    return hole.appendTail(page).toString();
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  private static String read(String template) {
    try (InputStream in = Page.class.getResourceAsStream("/pages/" + template)) {
      if (in == null) {
        throw new IllegalArgumentException("no template " + template);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
