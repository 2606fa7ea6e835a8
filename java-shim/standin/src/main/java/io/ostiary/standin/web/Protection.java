package io.ostiary.standin.web;

import io.ostiary.standin.Profile;
import java.util.List;

/** Which pages need which role, and where those go who do not have it. */
final class Protection {

  private static final List<String> OPEN_IN_SECURE =
      List.of(
          "/secure/Dashboard.jspa",
          "/secure/Logout",
          "/secure/XsrfErrorAction.jspa",
          "/secure/Setup",
          "/secure/Signup");

  private final Profile profile;

  Protection(Profile profile) {
    this.profile = profile;
  }

  /** The role that the page of this path needs, or null. */
  String role(String path) {
    return profile.isJira() ? jira(path) : confluence(path);
  }

  /** The login page's path and query, for a page (encoded path and query) that needs the role. */
  String loginUrl(String destination, String role) {
    if (!profile.isJira()) {
      return "/login.action?os_destination=" + destination;
    }
    String url = "/login.jsp?permissionViolation=true&os_destination=" + destination;
    if (profile.isOldest()) {
      return url;
    }
    return url
        + "&page_caps=&user_role="
        + (role.equals("use") ? "" : role.equals("admin") ? "ADMIN" : "SYSADMIN");
  }

  private static String jira(String path) {
    if (path.startsWith("/secure/admin/WebSudo") || path.startsWith("/browse/PUB-")) {
      return path.startsWith("/browse/") ? null : "use";
    }
    if (path.startsWith("/secure/admin/") || path.equals("/plugins/servlet/upm")) {
      return "admin";
    }
    if (path.startsWith("/secure/")) {
      return OPEN_IN_SECURE.stream().anyMatch(path::startsWith) ? null : "use";
    }
    return path.startsWith("/browse/")
            || path.startsWith("/projects/")
            || path.startsWith("/plugins/servlet/project-config/")
        ? "use"
        : null;
  }

  private static String confluence(String path) {
    if (path.startsWith("/admin/") || path.equals("/plugins/servlet/upm")) {
      return "admin";
    }
    return path.startsWith("/display/PUB")
            || (!path.startsWith("/display/")
                && !path.startsWith("/pages/")
                && !path.equals("/authenticate.action")
                && !path.equals("/doauthenticate.action")
                && !path.equals("/dashboard.action"))
        ? null
        : "use";
  }
}
