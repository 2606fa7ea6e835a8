package io.ostiary.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSettingsStoreTest {
  @TempDir private Path directory;

  private Path file() {
    return directory.resolve("home/ostiary.json");
  }

  private FileSettingsStore store() {
    return new FileSettingsStore(file().toFile());
  }

  @Test
  void hasNothingBeforeTheFirstSave() throws IOException {
    assertThat(store().load()).isNull();
  }

  @Test
  void givesBackWhatWasSaved() throws IOException {
    String settings = "{\"name\":\"B\u00fccher \uD83D\uDC1F\"}";
    store().save("{}");
    store().save(settings);
    assertThat(store().load()).isEqualTo(settings);
    assertThat(Files.readAllBytes(file())).isEqualTo(Utf8.bytes(settings));
  }

  @Test
  void keepsTheFileToTheOwner() throws IOException {
    store().save("{}");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void leavesNothingBeside() throws IOException {
    store().save("{}");
    store().save("{\"revision\":2}");
    try (var files = Files.list(file().getParent())) {
      assertThat(files).containsExactly(file());
    }
  }

  @Test
  void keepsTheOldSettingsWhenSavingFails() throws IOException {
    Files.createDirectories(file()); // a directory that is not empty cannot be replaced by a file
    Path inside = Files.createFile(file().resolve("inside"));
    assertThatThrownBy(() -> store().save("{}")).isInstanceOf(IOException.class);
    assertThat(inside).exists();
    try (var files = Files.list(file().getParent())) {
      assertThat(files).containsExactly(file());
    }
  }

  @Test
  void neverShowsHalfASave() throws Exception {
    String one = "1".repeat(100_000);
    String two = "2".repeat(200_000);
    store().save(one);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<?>> writers = new ArrayList<>();
    for (String settings : List.of(one, two)) {
      writers.add(
          threads.submit(
              () -> {
                for (int i = 0; i < 30; i++) {
                  store().save(settings);
                }
                return null;
              }));
    }
    for (int i = 0; i < 200; i++) {
      assertThat(store().load()).isIn(one, two);
    }
    for (Future<?> writer : writers) {
      writer.get();
    }
    threads.shutdown();
  }

  @Test
  void tellsNoSettings() throws IOException {
    store().save("{\"secret\":1}");
    assertThat(store().toString()).doesNotContain("secret");
    InMemorySettingsStore memory = new InMemorySettingsStore();
    memory.save("{\"secret\":1}");
    assertThat(memory.load()).isEqualTo("{\"secret\":1}");
    assertThat(memory.toString()).doesNotContain("secret");
  }
}
