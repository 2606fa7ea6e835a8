package io.ostiary.addon;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jsoup.nodes.Element;
import org.jsoup.select.Elements;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The button <i>Resolve</i>: what it finds at the Metadata URL, and what it says otherwise. */
@ParameterizedClass
@MethodSource("io.ostiary.addon.Profiles#all")
record ResolveScenariosIT(String profile) {

  private static final String TENANT = "aaaabbbb-0000-cccc-1111-dddd2222eeee";
  private static final String OTHER_TENANT = "bbbbcccc-1111-2222-3333-dddd4444eeee";
  private static final String FETCHED_FROM = "127.0.0.1";
  private static final String BUTTON = "Typed, not saved";

  private static Installed host;
  private static HttpServer documents;
  private static ExecutorService threads;
  private static final Map<String, String> served = new HashMap<>();
  private static final CountDownLatch over = new CountDownLatch(1);
  private static CompletableFuture<Browser.Answer> slow;

  @BeforeParameterizedClassInvocation
  static void start(String profile) throws IOException {
    host = new Installed(profile);
    assertThat(host.install().status()).isEqualTo(202);
    assertThat(host.configure(Map.of()).location()).endsWith("/configure?saved");
    String metadata = host.idp.metadata().replaceFirst("^\\uFEFF?<\\?xml[^>]*\\?>", "");
    String another = metadata.replace(TENANT, OTHER_TENANT);
    served.put("/page", "<!DOCTYPE html>\n<html><title>Sign in</title></html>");
    served.put("/dtd", "<!DOCTYPE x [<!ENTITY e \"x\">]>\n" + metadata);
    served.put("/large", metadata + "<!--" + "x".repeat(5 << 20) + "-->");
    served.put("/another", another);
    served.put(
        "/both",
        "<EntitiesDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\">"
            + metadata
            + another.replaceAll("\"(#?)_", "\"$1_b")
            + "</EntitiesDescriptor>");
    threads = Executors.newCachedThreadPool();
    documents = HttpServer.create(new InetSocketAddress(FETCHED_FROM, 0), 0);
    documents.setExecutor(threads);
    documents.createContext("/", ResolveScenariosIT::serve);
    documents.start();
    // It takes all the time that there is for a fetch, while the other tests run.
    slow = CompletableFuture.supplyAsync(() -> resolveUnchecked("/silent"), threads);
  }

  @AfterParameterizedClassInvocation
  static void stop() throws IOException {
    documents.stop(0);
    threads.shutdownNow();
    try {
      assertThat(host.told("violations").body().trim()).isEqualTo("[]");
    } finally {
      host.close();
    }
  }

  private static void serve(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/silent")) {
      try {
        over.await();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
      return;
    }
    String document = served.get(path);
    byte[] body = (document == null ? "" : document).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/xml");
    exchange.sendResponseHeaders(document == null ? 404 : 200, body.length == 0 ? -1 : body.length);
    try (exchange) {
      exchange.getResponseBody().write(body);
    } catch (IOException hungUp) {
      // Nobody reads more than a megabyte of it.
    }
  }

  private static Map<String, String> form() throws IOException {
    return new LinkedHashMap<>(
        host.admin().get(host.context + Installed.CONFIGURE).fields("#ostiary-form"));
  }

  private static Browser.Answer press(String button, Map<String, String> fields)
      throws IOException {
    Browser admin = host.admin();
    Map<String, String> sent = new LinkedHashMap<>(fields);
    // The token is that of the session.
    sent.put(
        "atl_token",
        admin.get(host.context + Installed.CONFIGURE).fields("#ostiary-form").get("atl_token"));
    sent.put("action", button);
    return admin.post(host.context + Installed.CONFIGURE, sent);
  }

  private static Browser.Answer resolve(String url, Map<String, String> typed) throws IOException {
    Map<String, String> fields = form();
    fields.put("metadata_url", url);
    fields.put("metadata_host", FETCHED_FROM);
    fields.putAll(typed);
    return press("resolve", fields);
  }

  private static Browser.Answer resolveUnchecked(String path) {
    try {
      return resolve(at(path), Map.of("login_button_name", BUTTON));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String at(String path) {
    return "http://" + FETCHED_FROM + ":" + documents.getAddress().getPort() + path;
  }

  private static String text(Browser.Answer page, String id) {
    Element found = page.page().getElementById(id);
    return found == null ? null : found.text();
  }

  @Test
  void s04_resolve_fills_in_four_fields_with_each_certificate_and_save_answers()
      throws IOException {
    host.idp.control("publish");
    String url = host.idp.metadataUrl() + "?appid=00001111-aaaa-2222-bbbb-3333cccc4444";
    Map<String, String> emptied =
        Map.of("idp_entity_id", "", "login_url", "", "logout_url", "", "certificates", "");
    String before = host.told("settings").body();

    Browser.Answer resolved = resolve(url, emptied);

    Map<String, String> fields = resolved.fields("#ostiary-form");
    String saml2 = url.replaceFirst("/federationmetadata/.*", "/saml2");
    assertThat(fields)
        .as(resolved.toString())
        .containsEntry("idp_entity_id", "https://sts.windows.net/" + TENANT + "/")
        .containsEntry("login_url", saml2)
        .containsEntry("logout_url", saml2);
    assertThat(fields.get("certificates").split("BEGIN CERTIFICATE", -1)).hasSize(1 + 2);
    Elements rows = resolved.page().select("#ostiary-certificates tbody tr");
    assertThat(rows).hasSize(2);
    for (Element row : rows) {
      Elements cells = row.select("td");
      assertThat(cells.get(0).text()).startsWith("CN=");
      assertThat(cells.get(1).text()).matches("([0-9A-Fa-f]{2}[: ]?){32}");
      assertThat(cells.get(3).text()).as("expires").matches("\\d{4}-\\d\\d-\\d\\d");
    }
    assertThat(text(resolved, "ostiary-done")).contains("2 usable signing certificates");
    assertThat(host.told("settings").body()).as("Resolve saves nothing").isEqualTo(before);

    Element save = resolved.page().selectFirst("#save");
    assertThat(save.hasAttr("disabled")).as("Save is on").isFalse();
    fields.put("login_url", "");
    Browser.Answer reason = press("save", fields);
    assertThat(text(reason, "login_url-error")).isNotBlank();
    assertThat(text(reason, "ostiary-problems")).contains("Login URL");
    assertThat(host.told("settings").body()).isEqualTo(before);
    fields.put("login_url", saml2);
    assertThat(press("save", fields).location()).endsWith("/configure?saved");
    assertThat(host.signIn(host.browser(), "b.simon", "").status()).isEqualTo(303);
  }

  @Test
  void s05_resolve_explains_each_failure_and_keeps_what_was_saved() throws Exception {
    Map<String, String> expected = new LinkedHashMap<>();
    expected.put("/gone", "nothing at the metadata URL (404)");
    expected.put("/page", "web page");
    expected.put("/large", "larger than 1 MB");
    expected.put("/dtd", "DTD");
    expected.put("/silent", "did not answer in time");
    Set<String> messages = new HashSet<>();
    for (Map.Entry<String, String> failure : expected.entrySet()) {
      Map<String, String> saved = form();
      String before = host.told("settings").body();
      boolean silent = failure.getKey().equals("/silent");
      Browser.Answer page = silent ? slow.get() : resolveUnchecked(failure.getKey());
      String message = text(page, "metadata_url-error");
      assertThat(message).as(page.toString()).contains(failure.getValue());
      assertThat(messages.add(message)).as("said before: " + message).isTrue();
      assertThat(text(page, "ostiary-problems")).contains(message);
      Map<String, String> shown = page.fields("#ostiary-form");
      assertThat(shown)
          .as("what was typed stays")
          .containsEntry("metadata_url", at(failure.getKey()))
          .containsEntry("login_button_name", BUTTON);
      assertThat(shown.get("idp_entity_id")).isEqualTo(saved.get("idp_entity_id"));
      assertThat(host.told("settings").body()).as("saved").isEqualTo(before);
      assertThat(form().get("login_button_name")).isNotEqualTo(BUTTON);
    }
    assertThat(host.signIn(host.browser(), "b.simon", "").status()).isEqualTo(303);
  }

  @Test
  void s06_another_tenant_or_entity_is_named_before_it_is_saved_and_refused_at_login()
      throws IOException {
    String before = host.told("settings").body();
    Browser.Answer another = resolve(at("/another"), Map.of());
    assertThat(another.code()).isEqualTo("metadata-entity-mismatch");
    assertThat(text(another, "metadata_url-error")).contains("another tenant", OTHER_TENANT);
    Browser.Answer both = resolve(at("/both"), Map.of("idp_entity_id", ""));
    assertThat(both.code()).isEqualTo("metadata-entity-ambiguous");
    assertThat(text(both, "metadata_url-error")).contains(TENANT, OTHER_TENANT);
    assertThat(host.told("settings").body()).isEqualTo(before);

    Browser.Answer refused = host.signIn(host.browser(), "b.simon", "", "wrong-issuer");
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.code()).isEqualTo("response-issuer-mismatch");
    assertThat(host.told("log").body()).contains("response-issuer-mismatch");
  }
}
