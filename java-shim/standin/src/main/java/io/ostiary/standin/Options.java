package io.ostiary.standin;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The command line: {@code --name value}, flags without value, and any number of {@code --set
 * key=value}.
 */
final class Options {

  static final String USAGE =
      "java -jar ostiary-standin.jar --profile NAME --home DIR [--port P] [--context /jira]"
          + " [--base-url URL] [--node N] [--shared-home DIR] [--same-site lax|strict] [--late-pages]"
          + " [--set key=value]...";

  private final Map<String, String> values = new LinkedHashMap<>();

  static Options of(String... arguments) {
    Options options = new Options();
    for (int i = 0; i < arguments.length; i++) {
      String name = arguments[i];
      switch (name) {
        case "--late-pages" -> options.values.put("login", "two-step");
        case "--set" -> {
          String[] pair = value(arguments, ++i).split("=", 2);
          options.values.put(pair[0], pair.length == 2 ? pair[1] : "true");
        }
        case "--profile",
            "--home",
            "--port",
            "--context",
            "--base-url",
            "--node",
            "--shared-home",
            "--same-site" ->
            options.values.put(name.substring(2), value(arguments, ++i));
        default -> throw new IllegalArgumentException("unknown option " + name + "\n" + USAGE);
      }
    }
    for (String required : new String[] {"profile", "home"}) {
      if (!options.values.containsKey(required)) {
        throw new IllegalArgumentException("--" + required + " is missing\n" + USAGE);
      }
    }
    return options;
  }

  Map<String, String> values() {
    return values;
  }

  Profile profile() {
    return Profile.called(values.get("profile"));
  }

  private static String value(String[] arguments, int at) {
    if (at >= arguments.length) {
      throw new IllegalArgumentException(arguments[at - 1] + " needs a value\n" + USAGE);
    }
    return arguments[at];
  }
}
