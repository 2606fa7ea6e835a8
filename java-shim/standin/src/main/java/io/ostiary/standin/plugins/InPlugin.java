package io.ostiary.standin.plugins;

import io.ostiary.standin.host.Callers;
import java.io.IOException;
import javax.servlet.ServletException;

/**
 * Runs a plug-in's code with its class loader as the thread's, and the host's code with the host's.
 */
final class InPlugin {

  /** What runs. */
  interface Code {
    void run() throws IOException, ServletException;
  }

  private InPlugin() {}

  /** Plug-in code; failures to find a class or method go on record. */
  static void run(Plugin plugin, String what, Code code) throws IOException, ServletException {
    try {
      withLoader(plugin.loader(), code);
    } catch (LinkageError e) {
      Callers.violation("outside-the-profile", plugin.key() + " in " + what + ": " + e);
      throw new ServletException(e);
    } catch (ServletException | RuntimeException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof NoSuchMethodException || cause instanceof ClassNotFoundException) {
          Callers.violation("outside-the-profile", plugin.key() + " in " + what + ": " + cause);
        }
      }
      throw e;
    }
  }

  static void withLoader(ClassLoader loader, Code code) throws IOException, ServletException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      code.run();
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
