package io.ostiary.e2e.lab;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One case of a corpus, as {@code ostiary corpus} has prepared it in a directory. What the case is
 * about is not told; the player does what the kind wants and says what it saw.
 */
record CorpusCase(Path directory, String number, Kind kind, boolean attempt) {

  static final String SIGN_ON = "/plugins/servlet/saml/auth";
  static final String SIGN_OUT = "/plugins/servlet/saml/logout";
  static final String START = "target=%2Fsecret%2Fpage";

  private static final Pattern CODE = Pattern.compile("id=\"(?:ostiary-)?code\">([a-z0-9-]+)<");
  private static final Pattern RELAY_STATE = Pattern.compile("[?&]RelayState=([^&]*)");

  /** What kind of message is played. */
  enum Kind {
    RESPONSE,
    REDIRECT_LOGOUT_REQUEST,
    REDIRECT_LOGOUT_RESPONSE
  }

  static List<CorpusCase> read(Path directory) throws IOException {
    List<CorpusCase> cases = new ArrayList<>();
    for (String line : Files.readAllLines(directory.resolve("plan"))) {
      String[] fields = line.split("\t", -1);
      Kind kind = Kind.valueOf(fields[1].toUpperCase(Locale.ROOT));
      cases.add(new CorpusCase(directory, fields[0], kind, Boolean.parseBoolean(fields[2])));
    }
    return cases;
  }

  Path config() {
    return directory.resolve(number + ".json");
  }

  /** The form field of a response, or the raw query of a logout message. */
  String message() throws IOException {
    return Files.readString(directory.resolve(number + ".message"), StandardCharsets.ISO_8859_1);
  }

  /** The response that signs a user in who is then signed out. */
  String setup() throws IOException {
    return Files.readString(directory.resolve(number + ".setup"));
  }

  /** The code that a page shows, or null. */
  static String code(String page) {
    Matcher code = CODE.matcher(page);
    return code.find() ? code.group(1) : null;
  }

  /**
   * What the identity provider would send back of a redirect to it. Null when there is none, as no
   * sign-in was started: what is posted all the same is judged by the service provider.
   */
  static String relayState(String location) {
    Matcher relayState = RELAY_STATE.matcher(location == null ? "" : location);
    return relayState.find()
        ? URLDecoder.decode(relayState.group(1), StandardCharsets.UTF_8)
        : null;
  }

  /** What was seen. */
  record Seen(
      int status, String code, String before, String after, String forgotten, double millis) {

    /** One line for {@code ostiary corpus}. */
    String line(CorpusCase played) {
      return fields(
          played, status, orEmpty(code), user(before), user(after), forgotten, millis, "");
    }

    /** The line of a case that could not be played. */
    static String problem(CorpusCase played, Exception why) {
      return fields(played, 0, "", "", "", "", 0, why.toString().replaceAll("\\s", " "));
    }

    private static String fields(CorpusCase played, Object... fields) {
      StringBuilder line = new StringBuilder(played.number());
      for (Object field : fields) {
        line.append('\t').append(field);
      }
      return line.toString();
    }

    /** Set apart from nobody, whatever the name. */
    private static String user(String name) {
      return name == null
          ? ""
          : "=" + Base64.getEncoder().encodeToString(name.getBytes(StandardCharsets.UTF_8));
    }

    private static String orEmpty(String text) {
      return text == null ? "" : text;
    }
  }
}
