package addon;

import javax.servlet.http.HttpServlet;

/** Level 52, with a lambda. */
public class Lambda extends HttpServlet {

  static final Runnable NOTHING = () -> {};
}
