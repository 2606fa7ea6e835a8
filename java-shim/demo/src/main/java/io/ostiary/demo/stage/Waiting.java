package io.ostiary.demo.stage;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.function.BooleanSupplier;

/** Waits until something that was started answers. */
final class Waiting {
  private static final int PATIENCE_MILLIS = 15_000;

  private Waiting() {}

  /** Until the URL answers 200, as long as {@code worthwhile} holds. */
  static void forAnswer(String url, BooleanSupplier worthwhile)
      throws IOException, InterruptedException {
    IOException last = new IOException(url + " does not answer");
    for (int waited = 0; waited < PATIENCE_MILLIS && worthwhile.getAsBoolean(); waited += 50) {
      try {
        HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
        connection.setConnectTimeout(PATIENCE_MILLIS);
        connection.setReadTimeout(PATIENCE_MILLIS);
        int status = connection.getResponseCode();
        connection.disconnect();
        if (status == 200) {
          return;
        }
        last = new IOException(url + " answers " + status);
      } catch (IOException notYet) {
        last = notYet;
      }
      Thread.sleep(50);
    }
    throw last;
  }
}
