package addon;

import com.atlassian.annotations.security.UnrestrictedAccess;
import com.atlassian.sal.api.user.UserManager;
import java.io.IOException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Calls a method that the oldest hosts do not have. */
@UnrestrictedAccess
public class CallsNewSal extends HttpServlet {

  private final UserManager users;

  public CallsNewSal(UserManager users) {
    this.users = users;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.getWriter().write("key " + users.getRemoteUserKey(request));
  }
}
