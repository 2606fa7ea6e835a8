package io.ostiary.e2e.interop;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openqa.selenium.json.Json;

/**
 * A Keycloak of its own on a free port, with a database in memory, and its admin REST API.
 *
 * <p>It runs under a shell that ends it as soon as this process is gone, however that came about.
 */
final class Keycloak implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(480);
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final String ADMIN = "admin";
  private static final long TOKEN_NANOS = Duration.ofSeconds(30).toNanos();

  /** The shell's standard input ends with this process; then Keycloak has to end, too. */
  private static final String WITH_US =
      "exec 3<&0; \"$@\" 3<&- & server=$!; cat <&3 >/dev/null & us=$!; "
          + "wait -n; kill $server $us 2>/dev/null; wait $server";

  // Over plain text there is no HTTP/2 to negotiate.
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final String url;
  private final String password = Secrets.random();
  private final Path log;
  private final Process process;
  private String token;
  private long tokenSince;

  /**
   * Starts it and waits until it answers.
   *
   * @param home the unpacked distribution, built for a database in memory
   */
  Keycloak(Path home) throws IOException, InterruptedException {
    int port = Site.freePort();
    url = "http://127.0.0.1:" + port;
    log = Files.createTempFile("ostiary-keycloak", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(
            "bash",
            "-c",
            WITH_US,
            "keycloak",
            home.resolve("bin/kc.sh").toString(),
            "start",
            "--optimized",
            "--cache=local",
            "--http-enabled=true",
            "--hostname-strict=false",
            "--http-host=127.0.0.1",
            "--http-port=" + port);
    builder.environment().put("KC_BOOTSTRAP_ADMIN_USERNAME", ADMIN);
    builder.environment().put("KC_BOOTSTRAP_ADMIN_PASSWORD", password);
    builder.environment().put("JAVA_OPTS_KC_HEAP", "-Xms128m -Xmx768m -XX:TieredStopAtLevel=1");
    process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      awaitAnswer();
    } catch (IOException | InterruptedException e) {
      close();
      throw e;
    }
  }

  private void awaitAnswer() throws IOException, InterruptedException {
    long end = System.nanoTime() + START.toNanos();
    HttpRequest probe = HttpRequest.newBuilder(URI.create(url + "/realms/master")).build();
    IOException last = new IOException("it does not answer");
    while (process.isAlive() && System.nanoTime() < end) {
      try {
        int status = http.send(probe, HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status == 200) {
          return;
        }
        last = new IOException("it answers " + status);
      } catch (IOException notYet) {
        last = notYet;
      }
      Thread.sleep(250);
    }
    throw new IOException("Keycloak did not start: " + Files.readString(log), last);
  }

  /** The address, without a slash at the end. */
  String url() {
    return url;
  }

  /** What it wrote to its log so far. */
  String log() throws IOException {
    return Files.readString(log);
  }

  /** Reads an object or a list of the admin API. */
  <T> T get(String path) throws IOException, InterruptedException {
    return new Json().toType(send("GET", path, null, "application/json"), Object.class);
  }

  /** Reads a page that anybody may read. */
  String page(String path) throws IOException, InterruptedException {
    return answer(HttpRequest.newBuilder(URI.create(url + path)).build());
  }

  void post(String path, Object body) throws IOException, InterruptedException {
    send("POST", path, new Json().toJson(body), "application/json");
  }

  /** Posts something that is not JSON and reads the object that comes back. */
  Map<String, Object> convert(String path, String body, String type)
      throws IOException, InterruptedException {
    return new Json().toType(send("POST", path, body, type), Json.MAP_TYPE);
  }

  void put(String path, Object body) throws IOException, InterruptedException {
    send("PUT", path, new Json().toJson(body), "application/json");
  }

  void delete(String path) throws IOException, InterruptedException {
    send("DELETE", path, null, "application/json");
  }

  private String send(String method, String path, String body, String type)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + "/admin/realms" + path))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + token())
            .header("Content-Type", type)
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    return answer(request.build());
  }

  private String token() throws IOException, InterruptedException {
    if (token == null || System.nanoTime() - tokenSince > TOKEN_NANOS) {
      String form =
          "grant_type=password&client_id=admin-cli&username=%s&password=%s"
              .formatted(ADMIN, URLEncoder.encode(password, StandardCharsets.UTF_8));
      URI address = URI.create(url + "/realms/master/protocol/openid-connect/token");
      HttpRequest request =
          HttpRequest.newBuilder(address)
              .timeout(PATIENCE)
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(BodyPublishers.ofString(form))
              .build();
      Map<String, Object> answer = new Json().toType(answer(request), Json.MAP_TYPE);
      token = (String) answer.get("access_token");
      tokenSince = System.nanoTime();
    }
    return token;
  }

  private String answer(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw new IOException(
          request.method()
              + " "
              + request.uri()
              + " was answered "
              + response.statusCode()
              + ": "
              + response.body());
    }
    return response.body();
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      Thread.currentThread().interrupt();
    }
    Files.deleteIfExists(log);
  }
}
