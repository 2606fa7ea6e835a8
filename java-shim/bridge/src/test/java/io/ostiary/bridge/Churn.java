package io.ostiary.bridge;

import java.io.File;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.CountDownLatch;

/**
 * What upgrading an add-on does to a JVM, many times over: a class loader brings the library,
 * threads use it, the loader is dropped and collected, and only then the threads end. A library
 * that leaves a thread-exit hook behind when it is unmapped kills the JVM here.
 *
 * <p>{@code Churn ROUNDS} with the class path of the bridge and its tests. Runs in a JVM of its
 * own, so that a crash is an exit status.
 */
public final class Churn {
  private static final int THREADS = 2;
  private static final int PATIENCE_MILLIS = 20_000;

  private Churn() {}

  public static void main(String[] args) throws Exception {
    int rounds = Integer.parseInt(args[0]);
    for (int round = 1; round <= rounds; round++) {
      round(round);
    }
    System.out.println("collected " + rounds);
  }

  /** Threads bring the library, use it, drop it, see it collected, and only then end. */
  private static void round(int number) throws Exception {
    WeakReference<?>[] dropped = new WeakReference<?>[THREADS];
    Throwable[] failure = new Throwable[1];
    CountDownLatch used = new CountDownLatch(THREADS);
    CountDownLatch collected = new CountDownLatch(1);
    Thread[] threads = new Thread[THREADS];
    for (int i = 0; i < THREADS; i++) {
      int slot = i;
      threads[i] =
          new Thread(
              () -> {
                try {
                  dropped[slot] = useAndDrop();
                } catch (Exception | LinkageError e) {
                  failure[0] = e;
                } finally {
                  used.countDown();
                }
                awaitQuietly(collected);
              });
      threads[i].start();
    }
    used.await();
    if (failure[0] != null) {
      throw new IllegalStateException(failure[0]);
    }
    for (WeakReference<?> loader : dropped) {
      if (!isCollected(loader)) {
        System.out.println("round " + number + ": the class loader is still there");
        System.exit(3);
      }
    }
    collected.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** In a method of its own, so that no frame of the thread keeps the class loader. */
  private static WeakReference<ClassLoader> useAndDrop() throws Exception {
    URLClassLoader loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader());
    Runnable use =
        (Runnable) loader.loadClass(Use.class.getName()).getDeclaredConstructor().newInstance();
    use.run();
    loader.close();
    return new WeakReference<>(loader);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isCollected(WeakReference<?> dropped) throws InterruptedException {
    for (int waited = 0; waited < PATIENCE_MILLIS; waited += 10) {
      System.gc();
      if (dropped.get() == null) {
        return true;
      }
      Thread.sleep(10);
    }
    return false;
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
