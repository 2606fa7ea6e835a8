package io.ostiary.standin.plugins;

/** A plug-in is not taken; the message says why, as the host would show it. */
public final class Refused extends Exception {

  private static final long serialVersionUID = 1;

  public Refused(String why) {
    super(why);
  }

  public Refused(String why, Throwable cause) {
    super(why, cause);
  }
}
