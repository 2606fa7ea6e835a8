package io.ostiary.bridge;

import java.io.File;
import java.util.Locale;

/** Operating system and processor in the words of the jar's layout. */
final class Platform {
  private static final String[] GLIBC = {
    "/lib64/ld-linux-x86-64.so.2",
    "/lib/ld-linux-aarch64.so.1",
    "/lib/x86_64-linux-gnu/libc.so.6",
    "/lib/aarch64-linux-gnu/libc.so.6"
  };

  private final String os;
  private final String arch;
  private final boolean musl;

  private Platform(String os, String arch, boolean musl) {
    this.os = os;
    this.arch = arch;
    this.musl = musl;
  }

  static Platform ofThisMachine() {
    return of(System.getProperty("os.name", ""), System.getProperty("os.arch", ""), new File("/"));
  }

  /**
   * @param osName as the JVM calls it
   * @param osArch as the JVM calls it
   * @param root the root of the file system, where the C library is looked for
   */
  static Platform of(String osName, String osArch, File root) {
    String name = osName.toLowerCase(Locale.ROOT);
    String os =
        name.startsWith("linux")
            ? "linux"
            : name.startsWith("windows")
                ? "windows"
                : name.startsWith("mac") ? "macos" : name.replace(' ', '_');
    String machine = osArch.toLowerCase(Locale.ROOT);
    String arch =
        machine.equals("amd64") || machine.equals("x86_64")
            ? "x86_64"
            : machine.equals("arm64") || machine.equals("aarch64") ? "aarch64" : machine;
    return new Platform(os, arch, os.equals("linux") && isMusl(root));
  }

  /**
   * A Debian with the musl package installed has both loaders; only a system without glibc is a
   * musl system.
   */
  private static boolean isMusl(File root) {
    for (String loader : GLIBC) {
      if (new File(root, loader).exists()) {
        return false;
      }
    }
    return new File(root, "lib/ld-musl-x86_64.so.1").exists()
        || new File(root, "lib/ld-musl-aarch64.so.1").exists();
  }

  /** The folder below {@code META-INF/native}; no library is shipped for the {@code -musl} ones. */
  String folder() {
    return os + "-" + arch + (musl ? "-musl" : "");
  }

  String fileName() {
    return os.equals("windows")
        ? "ostiary.dll"
        : os.equals("macos") ? "libostiary.dylib" : "libostiary.so";
  }

  String suffix() {
    return os.equals("windows") ? ".dll" : os.equals("macos") ? ".dylib" : ".so";
  }

  /** Whether a file may be deleted while it is loaded. */
  boolean deletesLoadedFiles() {
    return !os.equals("windows");
  }
}
