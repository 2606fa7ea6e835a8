package io.ostiary.bridge;

import java.io.File;

/**
 * The native library of this class loader: loaded at first use, once. A failure is kept and shown,
 * and never thrown at the host.
 *
 * <p>System properties: {@code ostiary.native.path} names the library file itself (no other is
 * tried then); {@code ostiary.native.dir} names the directory into which the library of the jar is
 * unpacked; {@code ostiary.native.test-features=true} lets in a library that was built for tests,
 * and has no place where users sign in.
 */
public final class Ostiary {
  /** The version of the wire format that this jar speaks. */
  public static final int WIRE_VERSION = 1;

  private static File preferredDirectory;
  private static Availability availability;

  private Ostiary() {}

  /**
   * Names the directory into which the library is unpacked unless {@code ostiary.native.dir} is
   * set, for example a folder below the application's home. Only a call before the first use
   * counts.
   */
  public static synchronized void unpackInto(File directory) {
    preferredDirectory = directory;
  }

  /** Loads the library if that has not been tried yet, and tells how it went. */
  public static synchronized Availability availability() {
    if (availability == null) {
      availability = NativeLoader.ofThisMachine(preferredDirectory).load();
    }
    return availability;
  }
}
