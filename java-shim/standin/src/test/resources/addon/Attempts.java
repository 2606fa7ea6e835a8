package addon;

import com.atlassian.annotations.security.UnrestrictedAccess;
import com.atlassian.sal.api.pluginsettings.PluginSettingsFactory;
import java.io.IOException;
import java.util.Arrays;
import javax.servlet.ServletException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Tries what its parameter says and tells what came of it. */
@UnrestrictedAccess
public class Attempts extends HttpServlet {

  private final PluginSettingsFactory settings;

  public Attempts(PluginSettingsFactory settings) {
    this.settings = settings;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    response.setContentType("text/plain;charset=UTF-8");
    try {
      response.getWriter().write(String.valueOf(attempt(request)));
    } catch (ClassNotFoundException e) {
      response.getWriter().write("no class " + e.getMessage());
    } catch (IllegalArgumentException e) {
      response.getWriter().write("refused " + e.getMessage());
    }
  }

  private Object attempt(HttpServletRequest request) throws ClassNotFoundException {
    String what = request.getParameter("what");
    if (what.equals("long-value")) {
      char[] text = new char[Integer.parseInt(request.getParameter("length"))];
      Arrays.fill(text, 'x');
      settings.createGlobalSettings().put("long", new String(text));
      return ((String) settings.createGlobalSettings().get("long")).length();
    }
    if (what.equals("long-key")) {
      char[] text = new char[101];
      Arrays.fill(text, 'k');
      return settings.createGlobalSettings().get(new String(text));
    }
    if (what.equals("put")) {
      settings.createGlobalSettings().put("shared", request.getParameter("value"));
      return "ok";
    }
    if (what.equals("get")) {
      return settings.createGlobalSettings().get("shared");
    }
    if (what.equals("own-class-in-session")) {
      request.getSession().setAttribute("own", new Own());
      return "ok";
    }
    if (what.equals("class-of-bundle")) {
      return Class.forName(request.getParameter("name")).getName();
    }
    if (what.equals("class-of-host")) {
      Object config = getServletContext().getAttribute("seraph_config");
      return Class.forName(
              request.getParameter("name"), false, config.getClass().getClassLoader())
          .getName();
    }
    throw new IllegalArgumentException(what);
  }

  /** Belongs to the add-on. */
  public static class Own {}
}
