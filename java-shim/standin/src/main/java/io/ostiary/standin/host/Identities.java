package io.ostiary.standin.host;

import java.io.IOException;
import javax.servlet.ServletException;

/** Sets the {@link Identity} around the rest of a request. */
public final class Identities {

  /** The rest of a request. */
  public interface Rest {
    void run() throws IOException, ServletException;
  }

  private Identities() {}

  public static void with(String username, Rest rest) throws IOException, ServletException {
    Identity before = Identity.current();
    Identity.enter(username);
    try {
      rest.run();
    } finally {
      Identity.restore(before);
    }
  }
}
