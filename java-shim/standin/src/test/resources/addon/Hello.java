package addon;

import java.io.IOException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Says what it sees; not annotated. */
public class Hello extends HttpServlet {

  private static int made;

  public Hello() {
    made++;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setContentType("text/plain;charset=UTF-8");
    response
        .getWriter()
        .write(
            "hello " + request.getRemoteUser() + " made=" + made + " path=" + request.getServletPath()
                + " rest=" + request.getPathInfo());
  }
}
