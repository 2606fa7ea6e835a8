package io.ostiary.addon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The test identity provider, {@code ostiary idp}, in a process of its own. */
final class Idp implements AutoCloseable {

  private static final String TENANT = "/aaaabbbb-0000-cccc-1111-dddd2222eeee";

  private final Process process;
  private final Path log;
  private final String address;
  private final Browser browser;

  /** Starts it for the service provider at that base URL, which ends in a slash. */
  Idp(int port, String serviceProvider) throws IOException {
    address = "http://127.0.0.1:" + port;
    browser = new Browser(address);
    log = Files.createTempFile("ostiary-idp", ".log");
    process =
        new ProcessBuilder(
                System.getProperty("ostiary.idp"),
                "idp",
                "--port",
                String.valueOf(port),
                "--sp",
                serviceProvider)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Waiting.until(
        () -> {
          try {
            return browser.get(metadataUrl()).status() == 200;
          } catch (IOException notYet) {
            return false;
          }
        });
  }

  String metadataUrl() {
    return address + TENANT + "/federationmetadata/2007-06/federationmetadata.xml";
  }

  String metadata() throws IOException {
    return browser.get(metadataUrl()).body();
  }

  /** The form that the browser posts back after a user has signed in here. */
  Map<String, String> signIn(String ssoUrl, String user, Map<String, String> switches)
      throws IOException {
    Browser.Answer page = browser.get(ssoUrl);
    Map<String, String> fields = page.fields("form");
    fields.put("user", user);
    fields.putAll(switches);
    Browser.Answer working =
        browser.post(page.page().selectFirst("form").attr("abs:action"), fields);
    return working.fields("form");
  }

  /** What it says to a request that it does not take; Entra's words. */
  String refusal(String ssoUrl) throws IOException {
    return browser.get(ssoUrl).page().select("p").text();
  }

  /** One of its switches: {@code publish}, {@code switch}, {@code rotate}, {@code drop}. */
  void control(String command) throws IOException {
    browser.post(TENANT + "/control/" + command, Map.of());
  }

  /** How often its metadata was fetched. */
  int fetches() throws IOException {
    String state = browser.get(TENANT + "/control/state").body();
    return Integer.parseInt(state.replaceAll(".*\"metadata_fetches\":([0-9]+).*", "$1"));
  }

  /** Signs a user out of all applications: where the browser is sent to. */
  String logoutUrl(String user) throws IOException {
    return browser.post(TENANT + "/logout", Map.of("user", user)).location();
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    Files.deleteIfExists(log);
  }
}
