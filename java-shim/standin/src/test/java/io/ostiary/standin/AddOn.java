package io.ostiary.standin;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/** Makes small add-on jars out of the sources in {@code addon/}, for either servlet API. */
final class AddOn {

  private static final Path JARS = Path.of("target", "standin");

  private final boolean jakarta;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private final List<String> sources = new ArrayList<>();
  private final List<String> modules = new ArrayList<>();
  private final Map<String, String> files = new LinkedHashMap<>();
  private String release = "7";
  private int claimedLevel;
  private boolean spring = true;

  private AddOn(boolean jakarta) {
    this.jakarta = jakarta;
    headers.put("Bundle-ManifestVersion", "2");
    headers.put("Bundle-SymbolicName", "test.addon");
    headers.put("Bundle-Version", "1.0.0");
    headers.put("Atlassian-Plugin-Key", "test.addon");
    headers.put("Spring-Context", "*");
    imports("com.atlassian.annotations.security;resolution:=optional");
  }

  static AddOn forProfile(String profile) {
    return new AddOn(Profile.called(profile).isJakarta());
  }

  AddOn header(String name, String value) {
    if (value == null) {
      headers.remove(name);
    } else {
      headers.put(name, value);
    }
    return this;
  }

  /** Imports these packages beside the servlet API. */
  AddOn imports(String packages) {
    headers.put(
        "Import-Package", "javax.servlet,javax.servlet.http,org.osgi.framework," + packages);
    return this;
  }

  AddOn release(String level) {
    release = level;
    return this;
  }

  AddOn version(String version) {
    return header("Bundle-Version", version);
  }

  /** Adds a source of {@code addon/} and a module that uses it. */
  AddOn module(String source, String element) {
    sources.add(source);
    modules.add(element);
    return this;
  }

  AddOn element(String element) {
    modules.add(element);
    return this;
  }

  AddOn file(String name, String content) {
    files.put(name, content);
    return this;
  }

  AddOn servlet(String source, String pattern) {
    return module(
        source,
        "<servlet key='%s' class='addon.%s'><url-pattern>%s</url-pattern></servlet>"
            .formatted(source.toLowerCase(java.util.Locale.ROOT), source, pattern));
  }

  /** Writes this class level over the real one. */
  AddOn claimedLevel(int level) {
    claimedLevel = level;
    return this;
  }

  AddOn withoutSpring() {
    spring = false;
    return this;
  }

  byte[] jar() throws IOException {
    Path work = Files.createTempDirectory(Path.of("target"), "addon");
    try {
      Path classes = Files.createDirectories(work.resolve("classes"));
      compile(work, classes);
      return pack(classes);
    } finally {
      delete(work);
    }
  }

  private void compile(Path work, Path classes) throws IOException {
    List<File> files = new ArrayList<>();
    for (String source : sources) {
      Path file = work.resolve(source + ".java");
      Files.writeString(file, renamed(source(source)));
      files.add(file.toFile());
    }
    if (files.isEmpty()) {
      return;
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      manager.setLocation(StandardLocation.CLASS_PATH, classPath());
      manager.setLocation(StandardLocation.CLASS_OUTPUT, List.of(classes.toFile()));
      Iterable<? extends JavaFileObject> units = manager.getJavaFileObjectsFromFiles(files);
      List<String> options = List.of("--release", release, "-proc:none", "-nowarn");
      if (!compiler.getTask(said, manager, null, options, null, units).call()) {
        throw new IllegalStateException(said.toString());
      }
    }
  }

  private List<File> classPath() throws IOException {
    List<File> path = new ArrayList<>(List.of(new File("target/classes")));
    for (Path directory :
        List.of(JARS.resolve("host"), JARS.resolve(jakarta ? "tomcat-10.1" : "tomcat-9"))) {
      try (Stream<Path> jars = Files.list(directory)) {
        jars.forEach(jar -> path.add(jar.toFile()));
      }
    }
    return path;
  }

  private byte[] pack(Path classes) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    headers.forEach((name, value) -> manifest.getMainAttributes().putValue(name, renamed(value)));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
      put(jar, "atlassian-plugin.xml", descriptor());
      if (spring) {
        put(
            jar,
            "META-INF/spring/plugin-context.xml",
            "<beans xmlns='http://www.springframework.org/schema/beans'/>");
      }
      for (Map.Entry<String, String> file : files.entrySet()) {
        put(jar, file.getKey(), file.getValue());
      }
      try (Stream<Path> made = Files.walk(classes)) {
        for (Path file : made.filter(Files::isRegularFile).toList()) {
          jar.putNextEntry(
              new JarEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
          byte[] bytesOfClass = Files.readAllBytes(file);
          if (claimedLevel > 0) {
            bytesOfClass[7] = (byte) claimedLevel;
          }
          jar.write(bytesOfClass);
          jar.closeEntry();
        }
      }
    }
    return bytes.toByteArray();
  }

  private String descriptor() {
    return "<atlassian-plugin key='test.addon' name='Test add-on' plugins-version='2'>"
        + "<plugin-info><version>%s</version><param name='configure.url'>/plugins/servlet/hello</param></plugin-info>"
            .formatted(headers.get("Bundle-Version"))
        + String.join("", modules)
        + "</atlassian-plugin>";
  }

  private String renamed(String text) {
    return jakarta ? text.replace("javax.servlet", "jakarta.servlet") : text;
  }

  private static void put(JarOutputStream jar, String name, String text) throws IOException {
    jar.putNextEntry(new JarEntry(name));
    jar.write(text.getBytes(StandardCharsets.UTF_8));
    jar.closeEntry();
  }

  private static String source(String name) throws IOException {
    try (InputStream in = AddOn.class.getResourceAsStream("/addon/" + name + ".java")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
