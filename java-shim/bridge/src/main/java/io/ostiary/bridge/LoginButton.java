package io.ostiary.bridge;

/** What stands on a login page. Both texts are an administrator's, and no markup. */
public final class LoginButton {
  private final String name;
  private final String description;

  private LoginButton(String name, String description) {
    this.name = name;
    this.description = description;
  }

  /** Reads the section {@code addon} of the answer of {@code open}; null without. */
  static LoginButton read(Json addon) {
    Json button = addon == null ? null : addon.object("login_button");
    return button == null
        ? null
        : new LoginButton(button.text("name", ""), button.text("description", ""));
  }

  /** On the button. */
  public String name() {
    return name;
  }

  /** Beside the button; may be empty. */
  public String description() {
    return description;
  }

  /** Both as a JSON object. */
  public String json() {
    return new Json().put("name", name).put("description", description).toString();
  }
}
