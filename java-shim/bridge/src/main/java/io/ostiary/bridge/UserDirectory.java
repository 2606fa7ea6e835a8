package io.ostiary.bridge;

/** Knows the users of the application. */
public interface UserDirectory {
  /**
   * Looks up a user by the id that the identity provider gave, after the configured transform.
   * Nothing is thrown.
   */
  Answer find(String user);

  /** Takes every user, under the very name that the identity provider gave. */
  UserDirectory EVERYBODY =
      new UserDirectory() {
        @Override
        public Answer find(String user) {
          return Answer.found(user);
        }
      };

  /** What the directory says. */
  final class Answer {
    private final String field;
    private final String value;

    private Answer(String field, String value) {
      this.field = field;
      this.value = value;
    }

    /** The user exists and may sign in; {@code name} is how the application spells it. */
    public static Answer found(String name) {
      return new Answer("found", name);
    }

    /** No such user. */
    public static Answer notFound() {
      return new Answer("refused", "not-found");
    }

    /** The user exists and is switched off. */
    public static Answer inactive() {
      return new Answer("refused", "inactive");
    }

    /** The user exists and has no permission or licence here. */
    public static Answer notPermitted() {
      return new Answer("refused", "not-permitted");
    }

    /** The directory cannot be asked; the text is for the log. */
    public static Answer failed(String error) {
      return new Answer("error", error);
    }

    String field() {
      return field;
    }

    String value() {
      return value;
    }

    @Override
    public String toString() {
      return field + " " + value;
    }
  }
}
