package io.ostiary.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Which file is loaded, and what an administrator reads when none can be. The JVM's part is played
 * by {@link Machine}.
 */
class NativeLoaderTest {
  private static final byte[] LIBRARY = "machine code".getBytes(StandardCharsets.US_ASCII);
  private static final String HASH = Sha256.hex(LIBRARY);

  @TempDir private Path directory;
  private Platform platform;
  private final Map<String, byte[]> jar = new HashMap<>();
  private final Machine machine = new Machine();

  @BeforeEach
  void aLinuxWithAJarForIt() {
    platform = Platform.of("Linux", "amd64", directory.resolve("no-root").toFile());
    jar.put("linux-x86_64/libostiary.so", LIBRARY);
    jar.put("linux-x86_64/libostiary.so.sha256", (HASH + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  private Availability load() {
    return load(null);
  }

  private Availability load(String override) {
    NativeLoader.Resources resources =
        name -> jar.containsKey(name) ? new ByteArrayInputStream(jar.get(name)) : null;
    return new NativeLoader(platform, override, directory.toFile(), resources, machine).load();
  }

  private Path folder() {
    return directory.resolve(Unpacked.FOLDER);
  }

  private Path named() {
    return folder().resolve(Unpacked.PREFIX + HASH.substring(0, 32) + ".so");
  }

  @Test
  void unpacksTheLibraryUnderTheNameOfItsContent() {
    Availability availability = load();
    assertThat(availability.isAvailable()).isTrue();
    assertThat(availability.library()).isEqualTo("0.1.0");
    assertThat(availability.origin()).isEqualTo("META-INF/native/linux-x86_64/libostiary.so");
    assertThat(machine.linked).containsExactly(named().toString());
    assertThat(machine.contents).containsExactly(LIBRARY);
  }

  @Test
  void keepsFolderAndFileToTheOwner() throws IOException {
    load();
    assertThat(machine.permissions).containsExactly("rwx------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())))
        .isEqualTo("rwx------");
  }

  @Test
  void deletesTheFileOnceItIsLoaded() {
    load();
    assertThat(folder()).isEmptyDirectory();
  }

  @Test
  void keepsTheFileOnWindowsAndSweepsStaleOnes() throws IOException {
    platform = Platform.of("Windows Server 2022", "amd64", directory.toFile());
    jar.put("windows-x86_64/ostiary.dll", LIBRARY);
    jar.put("windows-x86_64/ostiary.dll.sha256", HASH.getBytes(StandardCharsets.US_ASCII));
    Files.createDirectory(folder(), Unpacked.ownerOnly(directory, "rwx------"));
    Path stale = Files.createFile(folder().resolve(Unpacked.PREFIX + "old.dll"));
    Path foreign = Files.createFile(folder().resolve("other.dll"));
    Path young = Files.createFile(folder().resolve(Unpacked.PREFIX + "young.dll"));
    Files.setLastModifiedTime(stale, FileTime.from(Instant.now().minusSeconds(3600)));
    Files.setLastModifiedTime(foreign, FileTime.from(Instant.now().minusSeconds(3600)));
    assertThat(load().isAvailable()).isTrue();
    assertThat(folder().resolve(Unpacked.PREFIX + HASH.substring(0, 32) + ".dll"))
        .hasBinaryContent(LIBRARY);
    assertThat(stale).doesNotExist();
    assertThat(foreign).exists();
    assertThat(young).exists();
  }

  @Test
  void replacesAPlantedFileBeforeItIsLoaded() throws IOException {
    Files.createDirectory(folder(), Unpacked.ownerOnly(directory, "rwx------"));
    Files.write(named(), "evil code".getBytes(StandardCharsets.US_ASCII));
    assertThat(load().isAvailable()).isTrue();
    assertThat(machine.contents).containsExactly(LIBRARY);
  }

  @Test
  void replacesAPlantedLink() throws IOException {
    Files.createDirectory(folder(), Unpacked.ownerOnly(directory, "rwx------"));
    Path elsewhere = Files.write(directory.resolve("elsewhere"), LIBRARY);
    Files.createSymbolicLink(named(), elsewhere);
    assertThat(load().isAvailable()).isTrue();
    assertThat(machine.links).containsExactly(false);
    assertThat(elsewhere).hasBinaryContent(LIBRARY);
  }

  @Test
  void avoidsAFolderThatOthersCanWriteTo() throws IOException {
    Files.createDirectory(folder());
    Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(load().isAvailable()).isTrue();
    assertThat(machine.linked).hasSize(1).noneMatch(file -> file.startsWith(folder().toString()));
    assertThat(machine.contents).containsExactly(LIBRARY);
  }

  @Test
  void loadsACopyWhenAnotherClassLoaderHoldsTheFile() {
    machine.refuseFirst = "Native Library " + named() + " already loaded in another classloader";
    assertThat(load().isAvailable()).isTrue();
    assertThat(machine.linked).hasSize(2).doesNotHaveDuplicates();
    assertThat(machine.contents).containsExactly(LIBRARY, LIBRARY);
    assertThat(folder()).isEmptyDirectory();
  }

  @Test
  void loadsNothingWhenTheLibraryInTheJarWasChanged() {
    jar.put("linux-x86_64/libostiary.so", "machine c0de".getBytes(StandardCharsets.US_ASCII));
    Availability availability = load();
    assertThat(availability.isAvailable()).isFalse();
    assertThat(availability.code()).isEqualTo("native-unavailable");
    assertThat(availability.problem()).contains("SHA-256").contains("damaged");
    assertThat(machine.linked).isEmpty();
  }

  @Test
  void loadsNothingWhenTheJarStatesNoHash() {
    jar.remove("linux-x86_64/libostiary.so.sha256");
    assertThat(load().isAvailable()).isFalse();
    assertThat(machine.linked).isEmpty();
  }

  @Test
  void loadsTheFileThatThePropertyNamesAndNoOther() throws IOException {
    Path own =
        Files.write(directory.resolve("own.so"), "own code".getBytes(StandardCharsets.US_ASCII));
    Availability availability = load(own.toString());
    assertThat(availability.origin()).isEqualTo(own.toString());
    assertThat(machine.linked).containsExactly(own.toString());
    assertThat(own).exists();
    assertThat(folder()).doesNotExist();
  }

  @Test
  void triesNothingElseWhenThePropertyNamesNoFile() {
    Availability availability = load(directory.resolve("absent.so").toString());
    assertThat(availability.isAvailable()).isFalse();
    assertThat(availability.problem()).contains("-Dostiary.native.path").contains("absent.so");
    assertThat(machine.linked).isEmpty();
  }

  @Test
  void triesNothingElseWhenTheFileOfThePropertyDoesNotLoad() throws IOException {
    Path own = Files.write(directory.resolve("own.so"), new byte[4]);
    machine.refuseAlways = own + ": file too short";
    assertThat(load(own.toString()).problem())
        .contains("file too short")
        .contains("-Dostiary.native.path");
    assertThat(machine.linked).containsExactly(own.toString());
  }

  @Test
  void namesTheDirectoryOfANoexecVolumeAndTheWayOut() {
    machine.refuseAlways = named() + ": failed to map segment from shared object";
    Availability availability = load();
    assertThat(availability.problem())
        .contains("noexec")
        .contains(directory.toString())
        .contains("-Dostiary.native.dir");
    assertThat(folder()).isEmptyDirectory();
  }

  @Test
  void saysThatTheCLibraryIsTooOld() {
    machine.refuseAlways = "/lib/libc.so.6: version `GLIBC_2.34' not found";
    assertThat(load().problem())
        .contains("C library")
        .contains("GLIBC_2.34")
        .contains("-Dostiary.native.path");
  }

  @Test
  void namesAPlatformThatHasNoLibraryAndTheWayOut() {
    platform = Platform.of("SunOS", "sparcv9", directory.toFile());
    Availability availability = load();
    assertThat(availability.code()).isEqualTo("native-unavailable");
    assertThat(availability.problem()).contains("sunos-sparcv9").contains("-Dostiary.native.path");
    assertThat(machine.linked).isEmpty();
  }

  @Test
  void doesNotTakeAGlibcLibraryOnMusl() throws IOException {
    File root = directory.resolve("alpine").toFile();
    Files.createDirectories(root.toPath().resolve("lib"));
    Files.createFile(root.toPath().resolve("lib/ld-musl-x86_64.so.1"));
    platform = Platform.of("Linux", "amd64", root);
    assertThat(load().problem()).contains("linux-x86_64-musl");
    assertThat(machine.linked).isEmpty();
  }

  @Test
  void knowsTheUsualNamesOfPlatforms() {
    File root = directory.toFile();
    assertThat(Platform.of("Linux", "aarch64", root).folder()).isEqualTo("linux-aarch64");
    assertThat(Platform.of("Windows 11", "amd64", root).folder()).isEqualTo("windows-x86_64");
    assertThat(Platform.of("Mac OS X", "arm64", root).folder()).isEqualTo("macos-aarch64");
    assertThat(Platform.of("Mac OS X", "arm64", root).fileName()).isEqualTo("libostiary.dylib");
  }

  @Test
  void saysThatTheDirectoryCannotBeWrittenTo() throws IOException {
    Path file = Files.createFile(directory.resolve("a-file"));
    NativeLoader.Resources resources = name -> new ByteArrayInputStream(jar.get(name));
    Availability availability =
        new NativeLoader(platform, null, file.toFile(), resources, machine).load();
    assertThat(availability.isAvailable()).isFalse();
    assertThat(availability.problem()).contains(file.toString()).contains("-Dostiary.native.dir");
  }

  @Test
  void refusesALibraryOfAnotherWireVersion() {
    machine.about = "{\"library\":\"9.9.9\",\"wire\":2}";
    Availability availability = load();
    assertThat(availability.code()).isEqualTo("wire-mismatch");
    assertThat(availability.problem())
        .contains("wire version 1")
        .contains("9.9.9")
        .contains("speaks 2")
        .contains("one release");
  }

  @Test
  void refusesALibraryThatWasBuiltForTests() {
    machine.about = "{\"library\":\"0.1.0\",\"wire\":1,\"test_features\":true}";
    Availability availability = load();
    assertThat(availability.code()).isEqualTo("native-unavailable");
    assertThat(availability.problem()).contains("built for tests").contains("libostiary.so");
    System.setProperty(NativeLoader.TEST_FEATURES_PROPERTY, "true");
    try {
      assertThat(load().isAvailable()).isTrue();
    } finally {
      System.clearProperty(NativeLoader.TEST_FEATURES_PROPERTY);
    }
  }

  @Test
  void refusesALibraryThatAnswersNonsense() {
    for (String about : new String[] {"", "nonsense", "[]", "{}", "{\"wire\":\"x\"}"}) {
      machine.about = about;
      assertThat(load().isAvailable()).as(about).isFalse();
    }
    machine.about = null;
    assertThat(load().problem()).contains("does not answer");
  }

  /** Plays the JVM: records what it is asked to load, and looks at the file at that moment. */
  private static final class Machine implements NativeLoader.Linker {
    private final List<String> linked = new ArrayList<>();
    private final List<byte[]> contents = new ArrayList<>();
    private final List<String> permissions = new ArrayList<>();
    private final List<Boolean> links = new ArrayList<>();
    private String refuseFirst;
    private String refuseAlways;
    private String about = "{\"library\":\"0.1.0\",\"wire\":1,\"openssl\":\"OpenSSL 3.6.3\"}";

    @Override
    public void link(String file) {
      linked.add(file);
      try {
        contents.add(Files.readAllBytes(Path.of(file)));
        permissions.add(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(file))));
        links.add(Files.isSymbolicLink(Path.of(file)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      String refusal = refuseAlways != null ? refuseAlways : refuseFirst;
      refuseFirst = null;
      if (refusal != null) {
        throw new UnsatisfiedLinkError(refusal);
      }
    }

    @Override
    public byte[] about() {
      return about == null ? null : Utf8.bytes(about);
    }
  }
}
