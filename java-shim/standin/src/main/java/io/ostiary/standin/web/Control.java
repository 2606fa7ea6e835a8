package io.ostiary.standin.web;

import io.ostiary.standin.host.Parts;
import io.ostiary.standin.users.Account;
import io.ostiary.standin.users.SignIns;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.servlet.http.HttpSession;
import org.apache.catalina.Manager;
import org.apache.catalina.Session;

/** The control interface of tests, under {@code /standin/}; see the README. */
final class Control {

  private static final List<String> LISTS =
      List.of("violations", "events", "logins", "decorators", "requests", "log");

  private final Parts parts;
  private final Manager sessions;

  Control(Parts parts, Manager sessions) {
    this.parts = parts;
    this.sessions = sessions;
  }

  void answer(Exchange exchange, String what) throws IOException {
    String method = exchange.request().getMethod();
    if (LISTS.contains(what)) {
      if (method.equals("DELETE")) {
        parts.journal().clear(what);
      }
      exchange.json(200, parts.journal().list(what));
      return;
    }
    switch (method + " " + what) {
      case "GET users" -> exchange.json(200, users());
      case "POST users" -> {
        parts.accounts().put(account(exchange));
        exchange.json(200, users());
      }
      case "DELETE users" -> {
        parts.accounts().remove(exchange.param("name"));
        exchange.json(200, users());
      }
      case "GET sessions" -> exchange.json(200, sessions());
      case "DELETE sessions" -> {
        for (Session session : sessions.findSessions()) {
          session.expire();
        }
        exchange.json(200, sessions());
      }
      case "GET settings" -> exchange.json(200, parts.settings().all());
      case "POST settings" -> {
        parts.settings().write(exchange.param("key"), exchange.param("value"));
        exchange.json(200, parts.settings().all());
      }
      case "DELETE settings" -> {
        parts.settings().all().keySet().forEach(parts.settings()::delete);
        exchange.json(200, parts.settings().all());
      }
      case "GET plugins" ->
          exchange.json(200, parts.plugins().all().stream().map(UpmRest::view).toList());
      case "GET switches" -> exchange.json(200, new TreeMap<>(parts.switches().all()));
      case "POST switches" -> {
        parts.switches().set(exchange.param("name"), exchange.param("value"));
        exchange.json(200, new TreeMap<>(parts.switches().all()));
      }
      case "GET about" ->
          exchange.json(
              200,
              Map.of(
                  "profile", parts.profile().id(),
                  "version", parts.switches().version(),
                  "node", parts.switches().node(),
                  "baseUrl", parts.switches().baseUrl()));
      default -> exchange.json(404, Map.of("message", "no " + method + " " + what));
    }
  }

  private List<Map<String, Object>> users() {
    List<Map<String, Object>> users = new ArrayList<>();
    for (Account account : parts.accounts().all()) {
      SignIns.Tally tally = parts.signIns().tally(account.name());
      Map<String, Object> user = new TreeMap<>();
      user.put("name", account.name());
      user.put("displayName", account.displayName());
      user.put("mail", account.mail());
      user.put("active", account.active());
      user.put("licensed", account.licensed());
      user.put("admin", account.admin());
      user.put("sysadmin", account.sysadmin());
      user.put("customer", account.customer());
      user.put("loginCount", tally.count());
      user.put("failedLoginCount", tally.failed());
      user.put("lastLogin", tally.last());
      users.add(user);
    }
    return users;
  }

  /** A user from parameters; what is not said is as for an ordinary licensed user. */
  private static Account account(Exchange exchange) {
    String name = exchange.param("name");
    return new Account(
        name,
        orElse(exchange, "displayName", name),
        orElse(exchange, "mail", name),
        orElse(exchange, "password", Account.PASSWORD),
        Boolean.parseBoolean(orElse(exchange, "active", "true")),
        Boolean.parseBoolean(orElse(exchange, "licensed", "true")),
        Boolean.parseBoolean(orElse(exchange, "admin", "false")),
        Boolean.parseBoolean(orElse(exchange, "sysadmin", "false")),
        Boolean.parseBoolean(orElse(exchange, "customer", "false")));
  }

  private static String orElse(Exchange exchange, String name, String otherwise) {
    String value = exchange.param(name);
    return value.isEmpty() ? otherwise : value;
  }

  private List<Map<String, Object>> sessions() {
    List<Map<String, Object>> all = new ArrayList<>();
    for (Session session : sessions.findSessions()) {
      HttpSession http = session.getSession();
      Map<String, Object> attributes = new TreeMap<>();
      for (String name : Collections.list(http.getAttributeNames())) {
        Object value = http.getAttribute(name);
        attributes.put(
            name, Map.of("class", value.getClass().getName(), "value", String.valueOf(value)));
      }
      all.add(Map.of("id", session.getId(), "attributes", attributes));
    }
    return all;
  }
}
