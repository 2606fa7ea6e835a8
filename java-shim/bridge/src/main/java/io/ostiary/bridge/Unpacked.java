package io.ostiary.bridge;

import java.io.File;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/**
 * The library of the jar as a file, in a folder that only this user can write to. The file is named
 * by its content, so that an add-on that is loaded again maps the same library again; it is used
 * only after its SHA-256 has been compared with the one in the jar.
 */
final class Unpacked {
  static final String PREFIX = "ostiary-";
  static final String FOLDER = "ostiary-native";
  private static final long STALE_MILLIS = 10L * 60 * 1000;

  private final File directory;
  private final Platform platform;
  private final byte[] library;
  private final String sha256;
  private final NativeLoader.Linker linker;

  Unpacked(
      File directory,
      Platform platform,
      byte[] library,
      String sha256,
      NativeLoader.Linker linker) {
    this.directory = directory;
    this.platform = platform;
    this.library = library;
    this.sha256 = sha256;
    this.linker = linker;
  }

  /**
   * Unpacks and loads.
   *
   * @throws IOException when no file can be written
   * @throws UnsatisfiedLinkError when the JVM cannot load it
   */
  void link() throws IOException {
    Path folder = privateFolder();
    sweep(folder);
    Path named = folder.resolve(PREFIX + sha256.substring(0, 32) + platform.suffix());
    if (!isGenuine(named)) {
      place(named);
    }
    try {
      linkAndDelete(named);
    } catch (UnsatisfiedLinkError error) {
      // Another class loader of this JVM holds the same path, or another process deleted the file
      // under our hands.
      if (!isHeldElsewhere(error) && Files.exists(named)) {
        throw error;
      }
      Path unique =
          folder.resolve(
              PREFIX + sha256.substring(0, 32) + "-" + UUID.randomUUID() + platform.suffix());
      place(unique);
      linkAndDelete(unique);
    }
  }

  private static boolean isHeldElsewhere(UnsatisfiedLinkError error) {
    return String.valueOf(error.getMessage()).contains("already loaded in another classloader");
  }

  private void linkAndDelete(Path file) throws IOException {
    try {
      linker.link(file.toAbsolutePath().toString());
    } finally {
      if (platform.deletesLoadedFiles()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private boolean isGenuine(Path file) {
    try {
      return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          && Sha256.hex(Files.readAllBytes(file)).equals(sha256);
    } catch (IOException e) {
      return false;
    }
  }

  /** Writes beside and renames, so that no other process ever sees half a library. */
  private void place(Path target) throws IOException {
    Path part = target.resolveSibling(PREFIX + UUID.randomUUID() + ".part");
    try {
      Files.createFile(part, ownerOnly(part.getParent(), "rwx------"));
      Files.write(part, library, StandardOpenOption.WRITE);
      try {
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private Path privateFolder() throws IOException {
    Path base = directory.toPath();
    Files.createDirectories(base);
    Path folder = base.resolve(FOLDER);
    try {
      Files.createDirectory(folder, ownerOnly(base, "rwx------"));
      return folder;
    } catch (FileAlreadyExistsException e) {
      // Somebody else's folder in a shared directory is no place for code.
      return isOurs(folder)
          ? folder
          : Files.createTempDirectory(base, PREFIX, ownerOnly(base, "rwx------"));
    }
  }

  private static boolean isOurs(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) || !Files.isWritable(folder)) {
      return false;
    }
    if (!isPosix(folder)) {
      return true;
    }
    Path probe = Files.createTempFile(folder, PREFIX, ".probe");
    try {
      Set<PosixFilePermission> permissions =
          Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS);
      boolean closed =
          !permissions.contains(PosixFilePermission.GROUP_WRITE)
              && !permissions.contains(PosixFilePermission.OTHERS_WRITE);
      return closed
          && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS)
              .equals(Files.getOwner(probe, LinkOption.NOFOLLOW_LINKS));
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  /**
   * Removes what earlier runs had to leave behind (Windows cannot delete a loaded file). A file in
   * use survives the attempt.
   */
  private static void sweep(Path folder) {
    File[] files = folder.toFile().listFiles();
    if (files == null) {
      return;
    }
    long now = System.currentTimeMillis();
    for (File file : files) {
      if (file.isFile()
          && file.getName().startsWith(PREFIX)
          && now - file.lastModified() > STALE_MILLIS) {
        file.delete();
      }
    }
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  static FileAttribute<?>[] ownerOnly(Path beside, String permissions) {
    return isPosix(beside)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
