package io.ostiary.web;

import java.io.UnsupportedEncodingException;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringTokenizer;
import javax.servlet.http.HttpServletRequest;

/**
 * Which form bodies the sign-in reads. Parameters come from the container, because filters before
 * this one may have read the body; so what must not be confused is checked here, before and after
 * the container parses it.
 */
public final class BodyRules {

  public static final String TOO_LARGE = "too-large";
  public static final String NOT_URLENCODED = "not-urlencoded";
  public static final String IN_QUERY = "in-query";

  private static final Set<String> SAML_FIELDS =
      new HashSet<String>(Arrays.asList("SAMLResponse", "SAMLRequest", "RelayState"));

  private BodyRules() {}

  /**
   * Judges a POST before its parameters are read.
   *
   * @return the {@code form_problem} of the request event, or null
   */
  public static String problemBefore(HttpServletRequest request, int maxBytes) {
    String type = request.getContentType();
    if (type == null || !mediaType(type).equals("application/x-www-form-urlencoded")) {
      return NOT_URLENCODED;
    }
    if (request.getContentLength() > maxBytes) {
      return TOO_LARGE;
    }
    return namesSamlField(request.getQueryString()) ? IN_QUERY : null;
  }

  /**
   * Judges the parameters that the container read. A body sent in chunks tells its length only now.
   */
  public static String problemAfter(Map<String, String[]> parameters, int maxBytes) {
    long size = 0;
    for (Map.Entry<String, String[]> parameter : parameters.entrySet()) {
      for (String value : parameter.getValue()) {
        size += parameter.getKey().length() + value.length() + 2L;
      }
    }
    return size > maxBytes ? TOO_LARGE : null;
  }

  private static String mediaType(String contentType) {
    int parameters = contentType.indexOf(';');
    String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
    return type.trim().toLowerCase(Locale.ROOT);
  }

  /**
   * The container merges query and body, so a SAML field in the query of a POST could stand for the
   * one in the body.
   */
  private static boolean namesSamlField(String query) {
    if (query == null) {
      return false;
    }
    StringTokenizer pairs = new StringTokenizer(query, "&;");
    while (pairs.hasMoreTokens()) {
      String pair = pairs.nextToken();
      int equals = pair.indexOf('=');
      if (SAML_FIELDS.contains(decode(equals < 0 ? pair : pair.substring(0, equals)))) {
        return true;
      }
    }
    return false;
  }

  private static String decode(String name) {
    try {
      return URLDecoder.decode(name, "ISO-8859-1");
    } catch (IllegalArgumentException brokenEscape) {
      return name;
    } catch (UnsupportedEncodingException e) {
      throw new AssertionError(e); // every JVM has ISO-8859-1
    }
  }
}
