package io.ostiary.bridge;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Finds the native library, loads it and shakes hands with it. Every failure becomes one sentence
 * for an administrator.
 */
final class NativeLoader {
  static final String PATH_PROPERTY = "ostiary.native.path";
  static final String DIRECTORY_PROPERTY = "ostiary.native.dir";

  /** Lets in a library whose clock can be set. It must never be set where users sign in. */
  static final String TEST_FEATURES_PROPERTY = "ostiary.native.test-features";

  /** What only the JVM can do. */
  interface Linker {
    /** Loads the library file for this class loader, or throws {@link UnsatisfiedLinkError}. */
    void link(String file);

    byte[] about();
  }

  /** Where the libraries are: the jar. */
  interface Resources {
    /** The resource below {@code META-INF/native}, or null. */
    InputStream open(String name) throws IOException;
  }

  private final Platform platform;
  private final String overridePath;
  private final File directory;
  private final Resources resources;
  private final Linker linker;

  NativeLoader(
      Platform platform, String overridePath, File directory, Resources resources, Linker linker) {
    this.platform = platform;
    this.overridePath = overridePath;
    this.directory = directory;
    this.resources = resources;
    this.linker = linker;
  }

  static NativeLoader ofThisMachine(File preferredDirectory) {
    String named = System.getProperty(DIRECTORY_PROPERTY);
    File directory =
        named != null
            ? new File(named)
            : preferredDirectory != null
                ? preferredDirectory
                : new File(System.getProperty("java.io.tmpdir", "."));
    return new NativeLoader(
        Platform.ofThisMachine(),
        System.getProperty(PATH_PROPERTY),
        directory,
        new JarResources(),
        new JvmLinker());
  }

  Availability load() {
    try {
      String origin = overridePath != null ? loadOverride() : loadFromJar();
      return shakeHands(origin);
    } catch (Unavailable unavailable) {
      return Availability.missing(unavailable.getMessage());
    } catch (IOException e) {
      return Availability.missing(
          "The native library could not be unpacked into "
              + directory
              + ": "
              + e
              + ". Name a writable directory with -D"
              + DIRECTORY_PROPERTY
              + ".");
    } catch (LinkageError e) {
      return Availability.missing(explain(e));
    } catch (RuntimeException e) {
      return Availability.missing("The native library could not be loaded: " + e);
    }
  }

  private String loadOverride() throws Unavailable {
    File file = new File(overridePath);
    if (!file.isFile()) {
      throw new Unavailable(
          "-D"
              + PATH_PROPERTY
              + " names "
              + overridePath
              + ", and there is no such file. No other library is tried.");
    }
    linker.link(file.getAbsolutePath());
    return file.getAbsolutePath();
  }

  private String loadFromJar() throws Unavailable, IOException {
    String name = platform.folder() + "/" + platform.fileName();
    byte[] library = read(name);
    byte[] hash = read(name + ".sha256");
    if (library == null || hash == null) {
      throw new Unavailable(
          "This jar has no native library for "
              + platform.folder()
              + ". Sign-in stays off; a library built for this platform can be named with -D"
              + PATH_PROPERTY
              + ".");
    }
    String expected = new String(hash, StandardCharsets.US_ASCII).trim();
    if (!Sha256.hex(library).equals(expected)) {
      throw new Unavailable(
          "The native library "
              + name
              + " in the jar does not have the SHA-256 that the jar states. The jar is damaged.");
    }
    new Unpacked(directory, platform, library, expected, linker).link();
    return "META-INF/native/" + name;
  }

  private byte[] read(String name) throws IOException {
    InputStream in = resources.open(name);
    return in == null ? null : Streams.readAndClose(in);
  }

  private Availability shakeHands(String origin) {
    byte[] told = linker.about();
    if (told == null) {
      return Availability.missing("The native library from " + origin + " does not answer.");
    }
    Json about = Json.parse(told);
    int wire = about.integer("wire", 0);
    String version = about.text("library", "unknown");
    if (wire != Ostiary.WIRE_VERSION) {
      return Availability.mismatch(
          "This jar speaks wire version "
              + Ostiary.WIRE_VERSION
              + ", the native library "
              + version
              + " from "
              + origin
              + " speaks "
              + wire
              + ". Use jar and library of one release.");
    }
    if (about.flag("test_features", false) && !Boolean.getBoolean(TEST_FEATURES_PROPERTY)) {
      return Availability.missing(
          "The native library from "
              + origin
              + " was built for tests: its clock and its limits can be set. It is not used.");
    }
    return Availability.of(version, about.text("openssl", "unknown"), origin);
  }

  /** Turns the linker's message into advice. */
  private String explain(LinkageError error) {
    String message = String.valueOf(error.getMessage());
    if (message.contains("failed to map segment") || message.contains("Operation not permitted")) {
      return "The directory "
          + directory
          + " is on a volume that is mounted noexec ("
          + message
          + "). Name another directory with -D"
          + DIRECTORY_PROPERTY
          + ".";
    }
    if (message.contains("GLIBC_")
        || message.contains("libc.musl")
        || message.contains("ld-linux")) {
      return "The C library of this machine does not suit the native library ("
          + message
          + "). Name a library that was built for it with -D"
          + PATH_PROPERTY
          + ".";
    }
    return "The native library for "
        + platform.folder()
        + " could not be loaded: "
        + message
        + ". Another file can be named with -D"
        + PATH_PROPERTY
        + ".";
  }

  /** One sentence for an administrator. */
  private static final class Unavailable extends Exception {
    private static final long serialVersionUID = 1L;

    Unavailable(String message) {
      super(message);
    }
  }

  private static final class JarResources implements Resources {
    @Override
    public InputStream open(String name) {
      return NativeLoader.class.getResourceAsStream("/META-INF/native/" + name);
    }
  }

  private static final class JvmLinker implements Linker {
    @Override
    public void link(String file) {
      Door.link(file);
    }

    @Override
    public byte[] about() {
      return Door.about();
    }
  }
}
