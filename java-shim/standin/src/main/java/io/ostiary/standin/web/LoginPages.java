package io.ostiary.standin.web;

/** The parts of login pages that are alike wherever they stand. */
final class LoginPages {

  private LoginPages() {}

  /**
   * The form that scripts make late, in two steps. It loads no resources of plug-ins. As on every
   * login page the visitor gets a session.
   */
  static String twoStep(Exchange exchange, Frame frame, String title, String target) {
    exchange.request().getSession();
    return frame.page(exchange, title, exchange.fill("two-step.html", "target", target));
  }

  /** What stands above a form after a failed attempt, or "". */
  static String message(Exchange exchange) {
    return "failed".equals(exchange.request().getAttribute(LoginFilter.STATUS))
        ? exchange.fill("login-error.html")
        : "";
  }

  static boolean hasJustSignedIn(Exchange exchange) {
    return "success".equals(exchange.request().getAttribute(LoginFilter.STATUS));
  }
}
