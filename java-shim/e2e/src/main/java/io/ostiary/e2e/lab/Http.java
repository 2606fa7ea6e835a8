package io.ostiary.e2e.lab;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * HTTP/1.1 over a plain socket: what is written is what is sent, without a library that tidies the
 * spelling up.
 */
final class Http {

  private Http() {}

  /** Sends one request and reads the answer to its end. The text is sent octet by octet. */
  static Answer send(int port, String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return Answer.parse(socket.getInputStream());
    }
  }

  /** What came back. */
  record Answer(int status, List<String[]> headers, String body) {

    static Answer parse(InputStream in) throws IOException {
      byte[] all = in.readAllBytes();
      String text = new String(all, StandardCharsets.ISO_8859_1);
      int end = text.indexOf("\r\n\r\n");
      if (end < 0) {
        return new Answer(0, List.of(), text);
      }
      String[] lines = text.substring(0, end).split("\r\n", -1);
      List<String[]> headers = new ArrayList<>();
      for (int i = 1; i < lines.length; i++) {
        int colon = lines[i].indexOf(':');
        headers.add(
            new String[] {
              lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
              lines[i].substring(colon + 1).trim()
            });
      }
      String body = text.substring(end + 4);
      for (String[] header : headers) {
        if (header[0].equals("transfer-encoding") && header[1].equals("chunked")) {
          body = unchunk(body);
        }
      }
      String utf8 = new String(body.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
      return new Answer(Integer.parseInt(lines[0].split(" ", -1)[1]), headers, utf8);
    }

    private static String unchunk(String chunked) {
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      int at = 0;
      while (at < chunked.length()) {
        int line = chunked.indexOf("\r\n", at);
        int size = Integer.parseInt(chunked.substring(at, line).trim(), 16);
        if (size == 0) {
          break;
        }
        whole.writeBytes(
            chunked.substring(line + 2, line + 2 + size).getBytes(StandardCharsets.ISO_8859_1));
        at = line + 2 + size + 2;
      }
      return whole.toString(StandardCharsets.ISO_8859_1);
    }

    /** The first header of that name, or null. */
    String header(String name) {
      return all(name).stream().findFirst().orElse(null);
    }

    List<String> all(String name) {
      return headers.stream()
          .filter(header -> header[0].equals(name))
          .map(header -> header[1])
          .toList();
    }

    /** The value of a line {@code name=value} of the lab's pages, or null. */
    String fact(String name) {
      return body.lines()
          .filter(line -> line.startsWith(name + "="))
          .map(line -> line.substring(name.length() + 1))
          .findFirst()
          .orElse(null);
    }

    boolean isSecret() {
      return body.contains("THE SECRET BODY");
    }
  }
}
