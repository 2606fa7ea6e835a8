package io.ostiary.standin;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Starts a stand-in host: Tomcat in one class loader, below it the web application with the OSGi
 * framework in another, as in a real installation. Runs until the process ends or its standard
 * input says {@code stop}.
 */
public final class StandIn implements AutoCloseable {

  private final Runnable host;
  private final String url;
  private boolean closed;

  private StandIn(Runnable host) {
    this.host = host;
    this.url = host.toString();
  }

  public static void main(String[] arguments) throws Exception {
    try (StandIn standIn = start(arguments)) {
      System.out.println("ready " + standIn.url());
      awaitStop();
    }
    System.exit(0);
  }

  /** Starts a host in this process; the arguments are those of the command line. */
  public static StandIn start(String... arguments) {
    Options options = Options.of(arguments);
    Profile profile = options.profile();
    Path own = ownClasses();
    Path jars = own.resolveSibling("standin");
    URLClassLoader container =
        new URLClassLoader(
            "tomcat",
            urls(List.of(), jars.resolve(profile.isJakarta() ? "tomcat-10.1" : "tomcat-9")),
            ClassLoader.getPlatformClassLoader());
    HostLoader loader =
        new HostLoader(profile, urls(List.of(own), jars.resolve("host")), container);
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      return new StandIn(
          (Runnable)
              loader
                  .loadClass("io.ostiary.standin.host.Host")
                  .getMethod("start", Map.class)
                  .invoke(null, options.values()));
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("the host did not start", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** Where it listens, with the context path and without a slash at the end. */
  public String url() {
    return url;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      host.run();
    }
  }

  private static Path ownClasses() {
    try {
      return Path.of(StandIn.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static URL[] urls(List<Path> first, Path directory) {
    try (Stream<Path> jars = Files.list(directory)) {
      List<URL> urls = new ArrayList<>();
      for (Path path :
          Stream.concat(first.stream(), jars.sorted()).map(Path::toAbsolutePath).toList()) {
        urls.add(new File(path.toString()).toURI().toURL());
      }
      return urls.toArray(URL[]::new);
    } catch (IOException e) {
      throw new UncheckedIOException("the stand-in's jars are not where they should be", e);
    }
  }

  private static void awaitStop() throws IOException, InterruptedException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.equals("stop")) {
        return;
      }
    }
    Thread.sleep(Long.MAX_VALUE); // started without a standard input: until killed
  }
}
