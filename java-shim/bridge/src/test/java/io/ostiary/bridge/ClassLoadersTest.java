package io.ostiary.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several class loaders with the library in one JVM, side by side and one after the other. */
class ClassLoadersTest {
  @TempDir private Path directory;

  @Test
  void twoClassLoadersEachLoadTheLibrary() throws Exception {
    URL[] classPath =
        Stream.of(classPath().split(File.pathSeparator))
            .map(entry -> url(new File(entry).toURI()))
            .toArray(URL[]::new);
    try (URLClassLoader one = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader());
        URLClassLoader two = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
      for (URLClassLoader loader : List.of(one, two, one)) {
        Runnable use =
            (Runnable)
                loader.loadClass(Churn.Use.class.getName()).getDeclaredConstructor().newInstance();
        assertThat(use.getClass()).isNotEqualTo(Churn.Use.class);
        use.run();
      }
    }
  }

  @Test
  void survivesTwentyCollectedClassLoadersWithThreadsEndingInBetween() throws Exception {
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xcheck:jni",
                "-XX:ErrorFile=" + directory.resolve("hs_err.log"),
                "-Xmx256m",
                "-Djava.io.tmpdir=" + directory,
                "-D" + Scenes.CERTIFICATE_PROPERTY + "=" + Scenes.CERTIFICATE,
                "-cp",
                classPath(),
                Churn.class.getName(),
                "20")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    int status = process.waitFor();
    String told = Files.readString(output, StandardCharsets.UTF_8);
    assertThat(status).as(told).isZero();
    assertThat(told.strip()).isEqualTo("collected 20"); // and not one warning of -Xcheck:jni
  }

  /**
   * The classes of the bridge, of its tests, and of the JSON library: no test framework, whose
   * caches could hold a class loader.
   */
  private static String classPath() {
    return Stream.of(Engine.class, Churn.class, com.google.gson.JsonObject.class)
        .map(
            type ->
                Path.of(uri(type.getProtectionDomain().getCodeSource().getLocation())).toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static URI uri(URL url) {
    return URI.create(url.toString());
  }

  private static URL url(URI uri) {
    try {
      return uri.toURL();
    } catch (java.net.MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }
}
