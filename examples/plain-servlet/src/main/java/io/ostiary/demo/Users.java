package io.ostiary.demo;

/** Whom the test identity provider knows, by the names on its buttons. */
final class Users {

  static final String[] NAMES = {
    "B. Simon", "Ada Adams", "Jörg Öztürk", "G. Guest (external)", "M. Many (151 groups)", "I. Inactive"
  };

  private Users() {}
}
