package io.ostiary.bridge;

import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * What became of a form that a browser posted: somebody is signed in, or nobody is and a code says
 * why.
 */
public final class SignIn {
  private final Action action;

  private SignIn(Action action) {
    this.action = action;
  }

  static SignIn of(Action action) {
    return new SignIn(action);
  }

  /** Whether somebody is signed in. */
  public boolean isSignedIn() {
    return action.kind() == Action.Kind.SIGN_IN;
  }

  /** The user's name in this application; null when nobody is signed in. */
  public String user() {
    return action.user();
  }

  /** The subject's name at the identity provider; null when nobody is signed in. */
  public NameId nameId() {
    return isSignedIn() ? action.session().nameId() : null;
  }

  /** Attributes by name, each with all its values; none when nobody is signed in. */
  public Map<String, List<String>> attributes() {
    return isSignedIn()
        ? action.session().attributes()
        : Collections.<String, List<String>>emptyMap();
  }

  /** What to keep for signing out; null when nobody is signed in. */
  public Session session() {
    return action.session();
  }

  /**
   * Where the user wanted to go: a path of this site with its query; null when nobody is signed in.
   */
  public String target() {
    return action.target();
  }

  /** The stable code of the outcome (see {@link Codes}), {@code signed-in} for instance. */
  public String code() {
    return action.code();
  }

  /** Joins the page that the visitor sees and the lines of the log. */
  public String correlation() {
    return action.correlation();
  }

  /**
   * What to send in any case: the redirect to the target, a redirect that starts a stale sign-in
   * again, or the page that tells the code.
   */
  public Response response() {
    return isSignedIn() ? Response.seeOther(action.target(), action.cookies()) : action.response();
  }

  /** Says nothing about the user. */
  @Override
  public String toString() {
    return "SignIn[" + code() + "]";
  }
}
