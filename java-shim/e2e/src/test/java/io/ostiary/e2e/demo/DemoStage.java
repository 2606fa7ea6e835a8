package io.ostiary.e2e.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.ostiary.demo.stage.Demo;
import io.ostiary.demo.stage.Parts;
import io.ostiary.demo.stage.PluginHost;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.json.Json;

/** A running demo, a browser that was nowhere yet for each test, and what visitors do in it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
abstract class DemoStage {
  static final String SESSION = "JSESSIONID";
  static final String SIGN_ON = "/plugins/servlet/saml/auth";

  private final Demo.Names names;
  private final String sameSite;
  private final Path shots;
  Demo demo;
  Chromium browser;

  /**
   * @param sameSite of the applications' session cookies
   * @param shots the folder of the screenshots
   */
  DemoStage(Demo.Names names, String sameSite, String shots) {
    this.names = names;
    this.sameSite = sameSite;
    this.shots = Path.of(System.getProperty("ostiary.shots"), shots);
  }

  @BeforeAll
  void startDemo() throws Exception {
    demo =
        new Demo(
            new Parts(
                Path.of(System.getProperty("ostiary.idp")),
                jar("standin"),
                jar("jira"),
                jar("confluence")),
            names,
            sameSite);
    demo.start();
  }

  private static Path jar(String module) {
    return Path.of(
        System.getProperty("ostiary.jars"),
        module,
        "target",
        "ostiary-" + module + "-" + System.getProperty("ostiary.version") + ".jar");
  }

  @AfterAll
  void stopDemo() throws Exception {
    if (demo != null) {
      demo.close();
    }
  }

  @BeforeEach
  void startBrowser() {
    browser = new Chromium(shots);
  }

  @AfterEach
  void stopBrowser() {
    if (browser != null) {
      browser.close();
    }
  }

  /** Every visitor comes by the start page, where the container gives out its session cookie. */
  String visitStartPage() {
    browser.open(demo.url());
    String session = browser.cookie(SESSION);
    assertThat(session).as("the session before the sign-in").isNotNull();
    return session;
  }

  /** At the host's own login page, to which a page leads that is not for strangers. */
  void openAsStranger(PluginHost host, String page) {
    browser.open(host.url() + page);
    browser.awaitAddress(host.url() + "/login.");
    assertThat(session(host)).as("the host's session before the sign-in").isNotNull();
  }

  /** The session's cookie on a page of the host. */
  String session(PluginHost host) {
    return browser.cookie(SESSION, URI.create(host.url()).getPath());
  }

  /** The button that the add-on puts beside the form for the password, which is drawn late. */
  void pressButton() {
    browser.click("ostiary-sign-in-button");
  }

  /** At the identity provider, which asks. */
  void choose(String user) {
    browser.awaitAddress(demo.idpUrl());
    browser.click("user-" + user);
  }

  void assertAt(PluginHost host, String page, String user) {
    browser.awaitAddress(host.url() + page);
    assertThat(browser.address()).isEqualTo(host.url() + page);
    assertThat(browser.text("header-details-user-fullname")).isEqualTo(user + "@contoso.example");
  }

  void assertSignedIn(PluginHost host, String page, String user) {
    browser.open(host.url() + page);
    assertAt(host, page, user);
  }

  /** What came with the POSTs to the host's ACS: the site, and the cookies' names. */
  List<String> arrivals(PluginHost host) throws IOException, InterruptedException {
    List<Map<String, String>> requests =
        new Json().toType(answer(host.loopback() + "/standin/requests"), Json.LIST_OF_MAPS_TYPE);
    List<String> arrivals = new ArrayList<>();
    for (Map<String, String> request : requests) {
      if (request.get("method").equals("POST") && request.get("uri").endsWith(SIGN_ON)) {
        arrivals.add("site=" + request.get("sec-fetch-site") + " " + request.get("cookies"));
      }
    }
    return arrivals;
  }

  /**
   * The latest POST to the ACS came from another site, with the attempt's cookie and without the
   * session's.
   */
  static void assertArrivedAcrossSites(List<String> arrivals) {
    assertThat(arrivals).isNotEmpty();
    assertThat(arrivals.get(arrivals.size() - 1))
        .startsWith("site=cross-site")
        .contains(" ostiary_")
        .doesNotContain(SESSION);
  }

  static String answer(String url) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
  }
}
