package io.ostiary.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {

  @TempDir private Path directory;

  @Test
  void keeps_what_is_saved_for_the_owner_alone() throws IOException {
    Path file = write("old");
    ConfigFile config = new ConfigFile(file.toFile(), "old");
    config.save("new");
    config.save("newer");
    assertThat(file).hasContent("newer");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(config.isKnown("newer")).isTrue();
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void saves_nothing_over_an_edit_that_it_has_not_seen() throws IOException {
    Path file = write("old");
    ConfigFile config = new ConfigFile(file.toFile(), "old");
    Files.writeString(file, "edited");
    assertThatThrownBy(() -> config.save("new"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("changed meanwhile");
    assertThat(file).hasContent("edited");
    assertThat(config.isKnown("edited")).isFalse();
  }

  @Test
  void does_not_bring_a_deleted_file_back() throws IOException {
    Path file = write("old");
    ConfigFile config = new ConfigFile(file.toFile(), "old");
    Files.delete(file);
    assertThatThrownBy(() -> config.save("new")).isInstanceOf(IOException.class);
    assertThat(file).doesNotExist();
  }

  @Test
  void replaces_the_file_behind_a_link() throws IOException {
    Path file = write("old");
    Path link = Files.createSymbolicLink(directory.resolve("link.json"), file);
    new ConfigFile(link.toFile(), "old").save("new");
    assertThat(Files.isSymbolicLink(link)).isTrue();
    assertThat(file).hasContent("new");
  }

  private Path write(String content) throws IOException {
    return Files.writeString(directory.resolve("ostiary.json"), content);
  }
}
