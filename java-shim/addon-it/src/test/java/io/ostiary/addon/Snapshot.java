package io.ostiary.addon;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Pages of a host as three visitors get them: nobody, a user, an administrator. Two of them are
 * equal when the host has answered alike, but for tokens and dates.
 */
record Snapshot(Map<String, String> pages) {

  private static final Set<String> DIFFERENT_EACH_TIME =
      Set.of("date", "content-length", "connection", "keep-alive", "upm-token");

  private static final List<String> BOTH =
      List.of(
          "/",
          "/status",
          "/nowhere",
          "/download/attachments/1/a.txt",
          "/plugins/servlet/mobile",
          "/plugins/servlet/applinks/whoami",
          "/plugins/servlet/nowhere",
          "/rest/nowhere");
  private static final List<String> JIRA =
      List.of(
          "/login.jsp",
          "/login.jsp?os_destination=%2Fbrowse%2FX-1",
          "/login.jsp;x=1",
          "/secure/Dashboard.jspa",
          "/browse/X-1?filter=3&a=b",
          "/browse/PUB-1",
          "/projects/X",
          "/plugins/servlet/project-config/X/summary",
          "/servicedesk/customer/portals",
          "/servicedesk/customer/user/login?destination=portals",
          "/logoutconfirm.jsp",
          "/secure/Logout!default.jspa",
          "/secure/Signup!default.jspa",
          "/secure/admin/ViewApplicationProperties.jspa",
          "/secure/admin/ViewLogging.jspa",
          "/rest/api/2/myself");
  private static final List<String> CONFLUENCE =
      List.of(
          "/login.action",
          "/login.action?os_destination=%2Fpages%2Fviewpage.action%3FpageId%3D1",
          "/login.action?logout=true",
          "/login.action;x=1",
          "/dashboard.action",
          "/pages/viewpage.action?pageId=1&focusedCommentId=2",
          "/display/PUB/Home",
          "/display/X/Home",
          "/logout.action",
          "/authenticate.action",
          "/signup.action",
          "/setup/setupstart.action",
          "/admin/viewgeneralconfig.action",
          "/admin/viewlog4j.action",
          "/rest/api/user/current");

  static Snapshot of(Installed host) throws IOException {
    List<String> paths = new ArrayList<>(BOTH);
    paths.addAll(host.product.equals("jira") ? JIRA : CONFLUENCE);
    Map<String, String> pages = new LinkedHashMap<>();
    for (String path : paths) {
      pages.put("nobody " + path, told(host.browser().get(host.context + path)));
      pages.put(
          "user " + path,
          told(host.withPassword("b.simon@contoso.example").get(host.context + path)));
      pages.put("admin " + path, told(host.admin().get(host.context + path)));
    }
    String door = host.product.equals("jira") ? "/login.jsp" : "/dologin.action";
    Map<String, String> wrong = Map.of("os_username", "admin", "os_password", "wrong");
    pages.put("wrong password", told(host.browser().post(host.context + door, wrong)));
    return new Snapshot(pages);
  }

  /** All of an answer that an unchanged host would repeat. */
  static String told(Browser.Answer answer) {
    Map<String, List<String>> headers = new TreeMap<>(answer.response().headers().map());
    headers.keySet().removeAll(DIFFERENT_EACH_TIME);
    headers.computeIfPresent(
        "set-cookie", (name, set) -> set.stream().map(one -> one.replaceAll("=.*", "")).toList());
    return (answer.status() + " " + headers + "\n" + answer.body())
        .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "TOKEN")
        .replaceAll("jsessionid=[0-9A-F]+", "jsessionid=ID");
  }

  /** The same without the item of a menu that leads there. */
  Snapshot without(String link) {
    Map<String, String> others = new LinkedHashMap<>();
    pages.forEach(
        (name, page) ->
            others.put(
                name, page.replaceAll("<li><a [^>]*href=\"" + link + "\">[^<]*</a></li>\n", "")));
    return new Snapshot(others);
  }
}
