package io.ostiary.e2e.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/**
 * The jakarta twin holds the classes of the javax one, renamed throughout, at the same class level.
 */
class TwinIT {

  private static final int JAVA_7 = 51;

  @Test
  void holds_the_same_classes_as_the_javax_filter() throws IOException {
    List<String> javax = classes(Container.TOMCAT_9.filterJar()).keySet().stream().toList();
    List<String> jakarta = classes(Container.TOMCAT_11.filterJar()).keySet().stream().toList();
    assertThat(jakarta).isEqualTo(javax).contains("io/ostiary/servlet/SsoFilter.class");
  }

  @Test
  void names_the_old_package_nowhere() throws IOException {
    List<String> left = new ArrayList<>();
    List<String> renamed = new ArrayList<>();
    classes(Container.TOMCAT_11.filterJar())
        .forEach(
            (name, bytes) -> {
              String text = new String(bytes, StandardCharsets.ISO_8859_1);
              if (text.contains("javax/servlet") || text.contains("javax.servlet")) {
                left.add(name);
              }
              if (text.contains("jakarta.servlet.forward.request_uri")) {
                renamed.add(name);
              }
            });
    assertThat(left).isEmpty();
    assertThat(renamed).containsExactly("io/ostiary/servlet/AskedFor.class");
  }

  @Test
  void keeps_the_class_level() throws IOException {
    for (Container container : Container.values()) {
      classes(container.filterJar())
          .forEach(
              (name, bytes) ->
                  assertThat(ByteBuffer.wrap(bytes).getShort(6))
                      .as(name)
                      .isBetween((short) 45, (short) JAVA_7));
    }
  }

  private static TreeMap<String, byte[]> classes(Path jar) throws IOException {
    TreeMap<String, byte[]> classes = new TreeMap<>();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : zip.stream().filter(e -> e.getName().endsWith(".class")).toList()) {
        classes.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
      }
    }
    return classes;
  }
}
