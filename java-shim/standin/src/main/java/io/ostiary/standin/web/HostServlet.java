package io.ostiary.standin.web;

import io.ostiary.standin.host.Parts;
import io.ostiary.standin.plugins.PluginServlets;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.servlet.ServletException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Everything behind the filters: the host's pages and the plug-ins' servlets. */
final class HostServlet extends HttpServlet {

  private static final long serialVersionUID = 1;

  private static final Pattern ACTION =
      Pattern.compile("/secure/(?:admin/)?(\\w+)(?:!\\w+)?\\.jspa");

  private final transient Parts parts;
  private final transient Routes routes = new Routes();
  private final transient PluginServlets servlets;

  HostServlet(Parts parts) {
    this.parts = parts;
    this.servlets = new PluginServlets(parts.plugins());
    Frame frame = new Frame(parts);
    new CommonPages(frame).into(routes);
    new UpmPage(frame).into(routes);
    new UpmRest().into(routes);
    new RestPages(parts.profile()).into(routes);
    if (parts.profile().isJira()) {
      new JiraPages(frame, parts.profile()).into(routes);
      new PortalPages(frame, parts.profile()).into(routes);
    } else {
      new ConfluencePages(frame).into(routes);
    }
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    String path = request.getServletPath();
    Routes.Route route = routes.find(path);
    if (route == null) {
      if (!servlets.serve(path, request, response)) {
        action(path, response);
      }
      return;
    }
    String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
    // Old hosts ran an action for any method.
    if (!parts.profile().isOldest() && !route.methods().contains(method)) {
      response.sendError(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
      return;
    }
    route.handler().handle(new Exchange(parts, request, response));
  }

  /** A plug-in's webwork action declares no methods; since Jira 9 that means none is allowed. */
  private void action(String path, HttpServletResponse response) throws IOException {
    Matcher matcher = ACTION.matcher(path);
    if (!matcher.matches() || !parts.plugins().hasAction(matcher.group(1))) {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
    } else if (parts.profile().isOldest()) {
      response.setContentType("text/plain;charset=UTF-8");
      response.getWriter().write("action " + matcher.group(1));
    } else {
      response.sendError(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
    }
  }
}
