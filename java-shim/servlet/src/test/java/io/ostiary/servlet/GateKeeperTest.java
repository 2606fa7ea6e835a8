package io.ostiary.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.ostiary.bridge.Action;
import io.ostiary.bridge.Event;
import io.ostiary.bridge.InMemoryOneTimeStore;
import io.ostiary.bridge.UserDirectory;
import io.ostiary.web.Routes;
import io.ostiary.web.SessionSlot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the real library. */
class GateKeeperTest {

  private static final String OWN = "/plugins/servlet/saml/auth";

  @TempDir private Path directory;
  private final List<String> log = new ArrayList<>();
  private final Logger logger = Logger.getLogger("io.ostiary");
  private final Handler recorder =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          log.add(record.getLevel() + " " + record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    logger.addHandler(recorder);
    logger.setUseParentHandlers(false);
  }

  @AfterEach
  void stop_listening() {
    logger.removeHandler(recorder);
  }

  @Test
  void opens_what_the_configuration_opens_and_keeps_the_keys_in_the_file() throws IOException {
    Path file = write(config("https://one.example.com/", "/public/*"));
    GateKeeper keeper = keeper(file);
    keeper.look();
    assertThat(keeper.routes().isOwn(OWN)).isTrue();
    assertThat(keeper.routes().isProtected("/public/a", "/public/a")).isFalse();
    assertThat(keeper.routes().isProtected("/secret", "/secret")).isTrue();
    assertThat(keeper.routes().maxFormBytes()).isEqualTo(512 * 1024);
    assertThat(keeper.ask(Event.tick()).kind()).isEqualTo(Action.Kind.PASS);
    assertThat(Files.readString(file)).contains("\"sealing\":\"");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void does_not_open_anew_after_its_own_saving() throws IOException {
    Path file = write(config("https://one.example.com/", "/public/*"));
    GateKeeper keeper = keeper(file);
    keeper.look();
    Routes before = keeper.routes();
    keeper.ask(Event.tick());
    keeper.look();
    assertThat(keeper.routes()).isSameAs(before);
  }

  @Test
  void takes_a_change_of_the_file_over() throws IOException {
    Path file = write(config("https://one.example.com/", "/public/*"));
    GateKeeper keeper = keeper(file);
    keeper.look();
    Files.writeString(file, config("https://one.example.com/", "/other/*"));
    keeper.look();
    assertThat(keeper.routes().isProtected("/public/a", "/public/a")).isTrue();
    assertThat(keeper.routes().isProtected("/other/a", "/other/a")).isFalse();
    assertThat(keeper.ask(Event.tick()).code()).isNotEqualTo("handle-closed");
  }

  @Test
  void keeps_the_old_configuration_when_the_new_one_is_broken_and_says_so_once()
      throws IOException {
    Path file = write(config("https://one.example.com/", "/public/*"));
    GateKeeper keeper = keeper(file);
    keeper.look();
    log.clear();
    Files.writeString(file, "{\"sp\":{");
    keeper.look();
    keeper.look();
    assertThat(keeper.routes().isProtected("/public/a", "/public/a")).isFalse();
    assertThat(keeper.ask(Event.tick())).isNotNull();
    assertThat(log.stream().filter(line -> line.startsWith("SEVERE config-unreadable:")))
        .hasSize(1);
    assertThat(log.stream().filter(line -> line.contains("stays in force"))).hasSize(1);
  }

  @Test
  void opens_nothing_without_a_usable_configuration_and_says_why_once() throws IOException {
    Path file = directory.resolve("ostiary.json");
    GateKeeper keeper = keeper(file);
    keeper.look();
    keeper.look();
    assertThat(keeper.ask(Event.tick())).isNull();
    assertThat(keeper.routes().isProtected("/public/a", "/public/a")).isTrue();
    assertThat(log).containsExactly("SEVERE config-unreadable: there is no file " + file);
    write("[]");
    keeper.look();
    assertThat(keeper.ask(Event.tick())).isNull();
    assertThat(keeper.whyClosed()).isEqualTo("config-unreadable");
    write(config("https://one.example.com/", "/public/*"));
    keeper.look();
    assertThat(keeper.ask(Event.tick())).isNotNull();
  }

  @Test
  void opens_nothing_when_no_configuration_is_named() {
    GateKeeper keeper =
        new GateKeeper(
            null,
            UserDirectory.EVERYBODY,
            new InMemoryOneTimeStore(),
            new Visitors(new SessionSlot("x")));
    keeper.look();
    keeper.look();
    assertThat(keeper.routes().isProtected("/", "/")).isTrue();
    assertThat(log)
        .hasSize(1)
        .first()
        .asString()
        .startsWith("SEVERE config-unreadable: no configuration is named");
  }

  @Test
  void ends_its_thread_and_answers_nobody_after_it_was_stopped() throws Exception {
    GateKeeper keeper = keeper(write(config("https://one.example.com/", "/public/*")));
    keeper.start("under-test");
    assertThat(threads()).isEqualTo(1);
    keeper.stop();
    // An executor calls itself terminated a moment before its thread is gone.
    for (int waited = 0; waited < 5000 && threads() > 0; waited += 10) {
      Thread.sleep(10);
    }
    assertThat(threads()).isZero();
    assertThat(keeper.ask(Event.tick())).isNull();
    assertThat(keeper.routes().isProtected("/public/a", "/public/a")).isTrue();
    assertThat(keeper.whyClosed()).isEqualTo("handle-closed");
  }

  @Test
  void serves_two_tenants_side_by_side() throws IOException {
    Path one =
        Files.writeString(
            directory.resolve("one.json"), config("https://one.example.com/", "/one/*"));
    Path two =
        Files.writeString(
            directory.resolve("two.json"), config("https://two.example.com/", "/two/*"));
    GateKeeper first = keeper(one);
    GateKeeper second = keeper(two);
    first.look();
    second.look();
    first.ask(Event.tick());
    second.ask(Event.tick());
    assertThat(first.routes().isProtected("/one/a", "/one/a")).isFalse();
    assertThat(first.routes().isProtected("/two/a", "/two/a")).isTrue();
    assertThat(second.routes().isProtected("/two/a", "/two/a")).isFalse();
    assertThat(Files.readString(one))
        .contains("https://one.example.com/")
        .doesNotContain("https://two.example.com/");
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("ostiary-under-test"))
        .count();
  }

  private GateKeeper keeper(Path file) {
    return new GateKeeper(
        file.toFile(),
        UserDirectory.EVERYBODY,
        new InMemoryOneTimeStore(),
        new Visitors(new SessionSlot("x")));
  }

  private Path write(String content) throws IOException {
    return Files.writeString(directory.resolve("ostiary.json"), content);
  }

  private static String config(String entityId, String open) {
    return "{\"sp\":{\"entity_id\":\""
        + entityId
        + "\",\"acs_url\":\"https://app.example.com"
        + OWN
        + "\"},"
        + "\"idp\":{\"metadata_url\":\"https://127.0.0.1:9/metadata\"},\"access\":{\"open\":[\""
        + open
        + "\"]}}";
  }
}
