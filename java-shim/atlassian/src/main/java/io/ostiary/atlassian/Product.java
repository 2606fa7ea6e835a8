package io.ostiary.atlassian;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;

/** What differs between Jira and Confluence. Each jar says which it is for. */
final class Product {

  private static final String RESOURCE = "/META-INF/ostiary-addon.properties";

  private static final String JIRA_COMPONENTS = "com.atlassian.jira.component.ComponentAccessor";
  private static final String JIRA_LOGINS = "com.atlassian.jira.security.login.LoginManager";
  private static final String CONFLUENCE_BEANS = "com.atlassian.spring.container.ContainerManager";
  private static final String CONFLUENCE_LOGINS =
      "com.atlassian.confluence.security.login.LoginManager";
  private static final String DIRECTORIES = "com.atlassian.crowd.embedded.api.CrowdService";

  private final String key;
  private final String title;
  private final String version;
  private final Set<String> loginPages;
  private final Set<String> logoutPages;

  private Product(
      String key, String title, String version, String[] loginPages, String[] logoutPages) {
    this.key = key;
    this.title = title;
    this.version = version;
    this.loginPages = new HashSet<String>(Arrays.asList(loginPages));
    this.logoutPages = new HashSet<String>(Arrays.asList(logoutPages));
  }

  static Product jira(String version) {
    return new Product(
        "jira",
        "Jira",
        version,
        new String[] {"/login.jsp", "/secure/Dashboard.jspa", "/plugins/servlet/mobile"},
        new String[] {"/secure/Logout.jspa", "/secure/Logout!default.jspa", "/logout"});
  }

  static Product confluence(String version) {
    return new Product(
        "confluence",
        "Confluence",
        version,
        new String[] {"/login.action", "/dologin.action", "/plugins/servlet/mobile"},
        new String[] {"/logout.action"});
  }

  /** The product that this jar is for. */
  static Product ofThisJar() {
    Properties told = new Properties();
    InputStream in = Product.class.getResourceAsStream(RESOURCE);
    if (in == null) {
      throw new IllegalStateException("this jar has no " + RESOURCE);
    }
    try {
      try {
        told.load(in);
      } finally {
        in.close();
      }
    } catch (IOException e) {
      throw new IllegalStateException(RESOURCE + " cannot be read", e);
    }
    String version = told.getProperty("version", "");
    return "jira".equals(told.getProperty("product")) ? jira(version) : confluence(version);
  }

  /** {@code jira} or {@code confluence}, as in the key of the add-on. */
  String key() {
    return key;
  }

  String addonKey() {
    return "io.ostiary." + key;
  }

  String title() {
    return title;
  }

  /** The version of the add-on. */
  String version() {
    return version;
  }

  /** Whether a form for a password is shown here to whom is not signed in. */
  boolean isLoginPage(String path) {
    return loginPages.contains(path) || isPortal(path, "/user/login");
  }

  /** Whether the host signs its users out here. */
  boolean isLogout(String path) {
    return logoutPages.contains(path) || isPortal(path, "/user/logout");
  }

  private static boolean isPortal(String path, String page) {
    return path.startsWith("/servicedesk/customer/") && path.endsWith(page);
  }

  /** The host's own keeper of the last-login date, for a host whose Seraph names none. */
  Seraph.LastLogin lastLogin(List<ClassLoader> loaders) throws HostException {
    boolean jira = "jira".equals(key);
    String type = jira ? JIRA_LOGINS : CONFLUENCE_LOGINS;
    Object manager = component(loaders, type, "loginManager");
    if (manager == null) {
      throw new HostLacks("This host gives no " + type + ".");
    }
    return new Seraph.LastLogin(manager, jira ? "onLoginAttempt" : "onSuccessfulLoginAttempt");
  }

  /** The directories behind the host, which know who is switched off; null where there is none. */
  Object directories(List<ClassLoader> loaders) {
    try {
      return component(loaders, DIRECTORIES, "crowdService");
    } catch (HostException absent) {
      return null;
    }
  }

  private Object component(List<ClassLoader> loaders, String type, String bean)
      throws HostException {
    Class<?> loaded = Reflect.load(loaders, type);
    return "jira".equals(key)
        ? Reflect.callStatic(Reflect.load(loaders, JIRA_COMPONENTS), "getComponent", loaded)
        : Reflect.callStatic(Reflect.load(loaders, CONFLUENCE_BEANS), "getComponent", bean);
  }
}
