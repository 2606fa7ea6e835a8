package io.ostiary.standin.web;

import io.ostiary.standin.host.Parts;
import io.ostiary.standin.plugins.Descriptor;
import io.ostiary.standin.plugins.Plugin;
import java.util.List;

/** The host's chrome: header, the resources of plug-ins in the page's contexts, navigation. */
final class Frame {

  private final Parts parts;

  Frame(Parts parts) {
    this.parts = parts;
  }

  /** An ordinary page; {@code contexts} are those whose resources real pages of this kind load. */
  String page(Exchange exchange, String title, String body, String... contexts) {
    return frame(exchange, title, resources(exchange, List.of(contexts)), "", body);
  }

  /** A plug-in's page within the general decorator. */
  String general(Exchange exchange, String title, String head, String body) {
    return frame(exchange, title, resources(exchange, List.of("atl.general")) + head, "", body);
  }

  /** A page within the admin decorator, beside the administration's navigation. */
  String admin(Exchange exchange, String title, String head, String body) {
    String inside = exchange.fill("admin.html", "items", items(exchange), "body", body);
    return frame(
        exchange, title, resources(exchange, List.of("atl.admin")) + head, "admin", inside);
  }

  private String frame(
      Exchange exchange, String title, String head, String bodyClass, String body) {
    String user = exchange.username();
    String who =
        user == null
            ? exchange.fill("header-anonymous.html", "login", loginLink(exchange))
            : exchange.fill(
                "header-user.html",
                "user",
                user,
                "logout",
                parts.profile().isJira() ? "/secure/Logout.jspa" : "/logout.action");
    return exchange.fill(
        "frame.html",
        "title",
        title,
        "product",
        parts.profile().isJira() ? "Jira" : "Confluence",
        "head",
        head,
        "who",
        who,
        "class",
        bodyClass,
        "body",
        body);
  }

  private String loginLink(Exchange exchange) {
    return exchange.path(parts.profile().isJira() ? "/login.jsp" : "/login.action");
  }

  private String resources(Exchange exchange, List<String> contexts) {
    StringBuilder tags = new StringBuilder();
    for (Plugin plugin : parts.plugins().all()) {
      for (Descriptor.Module module : plugin.modules("web-resource")) {
        if (module.all("context").stream().anyMatch(contexts::contains)) {
          for (Descriptor.Child child : module.children()) {
            tags.append(tag(exchange, plugin, module, child));
          }
        }
      }
    }
    return tags.toString();
  }

  private static String tag(
      Exchange exchange, Plugin plugin, Descriptor.Module module, Descriptor.Child child) {
    String name = child.attributes().getOrDefault("name", "");
    String url =
        Page.escape(
            exchange.path("/download/resources/" + plugin.key() + ":" + module.key() + "/" + name));
    if (!child.name().equals("resource")) {
      return "";
    }
    if (name.endsWith(".css")) {
      return "<link rel=\"stylesheet\" href=\"" + url + "\">\n";
    }
    return name.endsWith(".js") ? "<script src=\"" + url + "\"></script>\n" : "";
  }

  private String items(Exchange exchange) {
    List<String> sections =
        parts.profile().isJira()
            ? List.of("top_system_section/security_section", "system.admin/globalsettings")
            : List.of("system.admin/security");
    StringBuilder items = new StringBuilder();
    for (Plugin plugin : parts.plugins().all()) {
      for (Descriptor.Module module : plugin.modules("web-item")) {
        if (sections.contains(module.attribute("section", ""))) {
          items.append(item(exchange, module));
        }
      }
    }
    return items.toString();
  }

  private String item(Exchange exchange, Descriptor.Module module) {
    String label = module.key();
    String id = module.key();
    String link = "";
    for (Descriptor.Child child : module.children()) {
      if (child.name().equals("label")) {
        String text = parts.plugins().text(child.attributes().getOrDefault("key", ""));
        label = text == null ? child.text() : text;
      } else if (child.name().equals("link")) {
        link = child.text();
        id = child.attributes().getOrDefault("linkId", id);
      }
    }
    return "<li><a id=\""
        + Page.escape(id)
        + "\" href=\""
        + Page.escape(exchange.path(link))
        + "\">"
        + Page.escape(label)
        + "</a></li>\n";
  }
}
