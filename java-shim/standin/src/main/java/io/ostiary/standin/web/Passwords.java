package io.ostiary.standin.web;

import io.ostiary.standin.users.Account;
import java.io.IOException;

/** The confirmation of passwords before administration. */
final class Passwords {

  private Passwords() {}

  /** Redirects to the confirmation page where it is needed, and says so. */
  static boolean asksForSudo(Exchange exchange) throws IOException {
    if (exchange.parts().webSudo().isEnabled()
        && !exchange.parts().webSudo().hasValidSession(exchange.request().getSession(false))) {
      exchange.response().sendRedirect(exchange.parts().webSudo().pageFor(exchange.request()));
      return true;
    }
    return false;
  }

  static boolean areRight(Exchange exchange, String password) {
    Account account = exchange.parts().accounts().find(exchange.username());
    return account != null && account.password().equals(password);
  }
}
