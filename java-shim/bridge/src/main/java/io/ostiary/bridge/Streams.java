package io.ostiary.bridge;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads streams whole. */
final class Streams {
  private Streams() {}

  static byte[] readAndClose(InputStream in) throws IOException {
    try {
      ByteArrayOutputStream all = new ByteArrayOutputStream(1 << 16);
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        all.write(buffer, 0, n);
      }
      return all.toByteArray();
    } finally {
      in.close();
    }
  }
}
