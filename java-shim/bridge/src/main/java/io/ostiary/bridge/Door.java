package io.ostiary.bridge;

/**
 * The four native functions: UTF-8 JSON in, UTF-8 JSON out. This class keeps its package in every
 * jar, because the names of the native functions contain it. Programs use {@link Engine}.
 */
final class Door {
  private Door() {}

  static native byte[] about();

  static native byte[] open(byte[] config);

  static native byte[] handle(long handle, byte[] event);

  static native void close(long handle);

  /** Here, because a native library belongs to the class loader of the class that loads it. */
  static void link(String file) {
    System.load(file);
  }
}
