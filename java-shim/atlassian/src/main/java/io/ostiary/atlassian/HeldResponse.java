package io.ostiary.atlassian;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Locale;
import javax.servlet.ServletOutputStream;
import javax.servlet.http.HttpServletResponse;
import javax.servlet.http.HttpServletResponseWrapper;

/**
 * Holds a page back until the host has finished it, so that something can be put into it or sent in
 * its place. A page that turns out too long, or that goes on later on another thread, is let go as
 * it is.
 */
final class HeldResponse extends HttpServletResponseWrapper {

  private static final int MOST_BYTES = 2 * 1024 * 1024;
  private static final Charset ASCII = Charset.forName("US-ASCII");
  private static final Charset LATIN_1 = Charset.forName("ISO-8859-1");

  private final ByteArrayOutputStream held = new ByteArrayOutputStream();
  private PrintWriter writer;
  private ServletOutputStream stream;
  private OutputStream through;
  private boolean letGo;
  private boolean encoded;
  private int status = HttpServletResponse.SC_OK;
  private int announced = -1;
  private String redirect;

  HeldResponse(HttpServletResponse response) {
    super(response);
  }

  @Override
  public ServletOutputStream getOutputStream() throws IOException {
    if (writer != null) {
      throw new IllegalStateException("the writer is in use");
    }
    if (stream == null) {
      stream = new Held();
    }
    return stream;
  }

  @Override
  public PrintWriter getWriter() throws IOException {
    if (stream != null && writer == null) {
      throw new IllegalStateException("the output stream is in use");
    }
    if (writer == null) {
      stream = new Held();
      writer = new PrintWriter(new OutputStreamWriter(stream, getCharacterEncoding()));
    }
    return writer;
  }

  @Override
  public void setContentLength(int length) {
    if (letGo) {
      super.setContentLength(length);
    } else {
      announced = length;
    }
  }

  /** Overrides the method of Servlet 3.1. */
  public void setContentLengthLong(long length) {
    setContentLength((int) Math.min(length, Integer.MAX_VALUE));
  }

  @Override
  public void setHeader(String name, String value) {
    if (takes(name, value)) {
      super.setHeader(name, value);
    }
  }

  @Override
  public void addHeader(String name, String value) {
    if (takes(name, value)) {
      super.addHeader(name, value);
    }
  }

  @Override
  public void setIntHeader(String name, int value) {
    if (takes(name, String.valueOf(value))) {
      super.setIntHeader(name, value);
    }
  }

  private boolean takes(String name, String value) {
    if (name != null && name.equalsIgnoreCase("Content-Length") && !letGo) {
      announced = length(value);
      return false;
    }
    if (name != null && name.equalsIgnoreCase("Content-Encoding")) {
      encoded = value != null && !value.equalsIgnoreCase("identity");
    }
    return true;
  }

  private static int length(String value) {
    try {
      return Integer.parseInt(value.trim());
    } catch (RuntimeException noNumber) {
      return -1;
    }
  }

  @Override
  public void setStatus(int code) {
    status = code;
    super.setStatus(code);
  }

  @Override
  public void sendError(int code) throws IOException {
    letGoOf();
    super.sendError(code);
  }

  @Override
  public void sendError(int code, String message) throws IOException {
    letGoOf();
    super.sendError(code, message);
  }

  @Override
  public void sendRedirect(String location) throws IOException {
    if (letGo) {
      super.sendRedirect(location);
    } else {
      discard();
      redirect = location;
    }
  }

  @Override
  public void flushBuffer() throws IOException {
    if (letGo) {
      super.flushBuffer();
    }
  }

  @Override
  public void resetBuffer() {
    discard();
    super.resetBuffer();
  }

  @Override
  public void reset() {
    discard();
    writer = null;
    stream = null;
    redirect = null;
    encoded = false;
    status = HttpServletResponse.SC_OK;
    super.reset();
  }

  @Override
  public boolean isCommitted() {
    return redirect != null || super.isCommitted();
  }

  /** An error page takes the place of what was held. */
  private void letGoOf() {
    discard();
    letGo = true;
  }

  /** Also what the writer has not written yet. */
  private void discard() {
    if (writer != null && !letGo) {
      writer.flush();
    }
    held.reset();
  }

  /** Whether the page has left already, or is an error page of the host. */
  boolean isLetGo() {
    return letGo;
  }

  /** Drops the page: another takes its place. */
  void drop() {
    letGoOf();
  }

  /** Sends what the host wanted, as it is. */
  void release() throws IOException {
    release(null);
  }

  /**
   * Sends what the host wanted.
   *
   * @param addition ASCII to put at the end of the body of an HTML page, or null
   */
  void release(String addition) throws IOException {
    if (letGo) {
      if (writer != null) {
        writer.flush();
      }
      return;
    }
    if (redirect != null) {
      letGo = true;
      super.sendRedirect(redirect);
      return;
    }
    if (writer != null) {
      writer.flush();
    }
    if (letGo) {
      return;
    }
    byte[] page = held.toByteArray();
    letGo = true;
    if (page.length == 0) {
      if (announced >= 0) {
        super.setContentLength(announced);
      }
      return;
    }
    if (addition != null && isHtml()) {
      page = with(page, addition);
    }
    super.setContentLength(page.length);
    out().write(page);
  }

  /** The page goes on after this request's filters: from now on nothing is held. */
  void letGoLater() throws IOException {
    if (!letGo && redirect == null) {
      if (writer != null) {
        writer.flush();
      }
      overflow();
    }
  }

  private boolean isHtml() {
    String type = getContentType();
    String encoding = getCharacterEncoding();
    return status == HttpServletResponse.SC_OK
        && !encoded
        && type != null
        && type.toLowerCase(Locale.ROOT).startsWith("text/html")
        && (encoding == null || !encoding.toUpperCase(Locale.ROOT).startsWith("UTF-16"));
  }

  private static byte[] with(byte[] page, String addition) {
    String text = new String(page, LATIN_1);
    int end = text.toLowerCase(Locale.ROOT).lastIndexOf("</body");
    int at = end < 0 ? page.length : end;
    byte[] added = addition.getBytes(ASCII);
    byte[] all = new byte[page.length + added.length];
    System.arraycopy(page, 0, all, 0, at);
    System.arraycopy(added, 0, all, at, added.length);
    System.arraycopy(page, at, all, at + added.length, page.length - at);
    return all;
  }

  private OutputStream out() throws IOException {
    if (through == null) {
      through = super.getOutputStream();
    }
    return through;
  }

  private void overflow() throws IOException {
    letGo = true;
    if (announced >= 0) {
      super.setContentLength(announced);
    }
    out().write(held.toByteArray());
    held.reset();
  }

  /** Where the page is written to. Asynchronous writing is for pages that nobody signs in on. */
  private final class Held extends ServletOutputStream {

    /** Overrides the method of Servlet 3.1. */
    @SuppressWarnings({"UnusedMethod", "EffectivelyPrivate"}) // containers call it
    public boolean isReady() {
      return true;
    }

    @Override
    public void write(int octet) throws IOException {
      write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int start, int count) throws IOException {
      if (!letGo && held.size() + count > MOST_BYTES) {
        overflow();
      }
      if (letGo) {
        out().write(octets, start, count);
      } else {
        held.write(octets, start, count);
      }
    }

    @Override
    public void flush() throws IOException {
      if (letGo) {
        out().flush();
      }
    }
  }
}
