package io.ostiary.bridge;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.UUID;

/** Settings in one file that only the owner may read. */
public final class FileSettingsStore implements SettingsStore {
  private final Path file;

  /** Uses this file; its directory is made when the first settings are saved. */
  public FileSettingsStore(File file) {
    this.file = file.getAbsoluteFile().toPath();
  }

  @Override
  public synchronized String load() throws IOException {
    return Files.exists(file) ? Utf8.text(Files.readAllBytes(file)) : null;
  }

  @Override
  public synchronized void save(String settings) throws IOException {
    Path directory = file.getParent();
    Files.createDirectories(directory);
    Path part = directory.resolve(file.getFileName() + "." + UUID.randomUUID() + ".part");
    try {
      Files.createFile(part, Unpacked.ownerOnly(directory, "rw-------"));
      try (FileChannel channel = FileChannel.open(part, EnumSet.of(StandardOpenOption.WRITE))) {
        ByteBuffer bytes = ByteBuffer.wrap(Utf8.bytes(settings));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      try {
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(part);
    }
  }

  @Override
  public String toString() {
    return "FileSettingsStore[" + file + "]";
  }
}
