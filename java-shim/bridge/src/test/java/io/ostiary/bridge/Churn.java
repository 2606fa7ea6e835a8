package io.ostiary.bridge;

import java.io.File;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;

/**
 * What upgrading an add-on does to a JVM, many times over: a class loader brings the library,
 * threads use it and end, the loader is dropped and collected. A library that leaves a thread-exit
 * hook behind when it is unmapped kills the JVM here.
 *
 * <p>{@code Churn ROUNDS} with the class path of the bridge and its tests. Runs in a JVM of its
 * own, so that a crash is an exit status.
 */
public final class Churn {
  private static final int PATIENCE_MILLIS = 20_000;

  private Churn() {}

  public static void main(String[] args) throws Exception {
    int rounds = Integer.parseInt(args[0]);
    for (int round = 1; round <= rounds; round++) {
      WeakReference<ClassLoader> dropped = useAndDrop();
      if (!isCollected(dropped)) {
        System.out.println("round " + round + ": the class loader is still there");
        System.exit(3);
      }
      endThreads();
    }
    System.out.println("collected " + rounds);
  }

  private static WeakReference<ClassLoader> useAndDrop() throws Exception {
    URLClassLoader loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader());
    Runnable use =
        (Runnable) loader.loadClass(Use.class.getName()).getDeclaredConstructor().newInstance();
    Thread[] threads = new Thread[4];
    Throwable[] failure = new Throwable[1];
    for (int i = 0; i < threads.length; i++) {
      threads[i] = new Thread(use);
      threads[i].setContextClassLoader(null);
      threads[i].setUncaughtExceptionHandler((thread, thrown) -> failure[0] = thrown);
      threads[i].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    if (failure[0] != null) {
      throw new IllegalStateException(failure[0]);
    }
    loader.close();
    return new WeakReference<>(loader);
  }

  private static boolean isCollected(WeakReference<ClassLoader> dropped)
      throws InterruptedException {
    for (int waited = 0; waited < PATIENCE_MILLIS; waited += 10) {
      System.gc();
      if (dropped.get() == null) {
        return true;
      }
      Thread.sleep(10);
    }
    return false;
  }

  /** Threads that never saw the library end while it is being unmapped. */
  private static void endThreads() throws InterruptedException {
    for (int i = 0; i < 8; i++) {
      Thread thread = new Thread(() -> {});
      thread.start();
      thread.join();
    }
  }

  private static URL[] classPath() throws MalformedURLException {
    String[] entries = System.getProperty("java.class.path").split(File.pathSeparator, -1);
    URL[] urls = new URL[entries.length];
    for (int i = 0; i < entries.length; i++) {
      urls[i] = new File(entries[i]).toURI().toURL();
    }
    return urls;
  }

  /** One use of the library, so that it touches OpenSSL on the calling thread. */
  public static final class Use implements Runnable {
    @Override
    public void run() {
      if (!Ostiary.availability().isAvailable()) {
        throw new IllegalStateException(Ostiary.availability().problem());
      }
      try (Engine engine = Engine.open(Scenes.config("https://one.example.com/"))) {
        if (!engine.isOpen()) {
          throw new IllegalStateException(engine.problems() + " " + engine.log());
        }
        Host host = Scenes.host();
        engine.handle(Scenes.get("/plugins/servlet/saml/metadata"), host);
        engine.handle(Scenes.get("/browse/X-1"), host);
      }
    }
  }
}
