package io.ostiary.standin.web;

import io.ostiary.standin.host.Parts;
import java.io.CharArrayWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.servlet.FilterChain;
import javax.servlet.ServletException;
import javax.servlet.ServletOutputStream;
import javax.servlet.WriteListener;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.servlet.http.HttpServletResponseWrapper;

/** Puts the host's chrome around HTML pages whose {@code decorator} meta tag asks for it. */
final class DecorationFilter extends HttpFilterBase {

  private static final Pattern DECORATOR =
      Pattern.compile("<meta\\s+name=\"decorator\"\\s+content=\"([^\"]*)\"\\s*/?>");
  private static final Pattern HEAD = Pattern.compile("(?s)<head[^>]*>(.*?)</head>");
  private static final Pattern BODY = Pattern.compile("(?s)<body[^>]*>(.*)</body>");
  private static final Pattern TITLE = Pattern.compile("(?s)<title>(.*?)</title>");

  private final Parts parts;
  private final Frame frame;

  DecorationFilter(Parts parts) {
    this.parts = parts;
    this.frame = new Frame(parts);
  }

  @Override
  void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!request.getServletPath().startsWith("/plugins/servlet/")) {
      chain.doFilter(request, response);
      return;
    }
    Buffered buffered = new Buffered(response);
    chain.doFilter(request, buffered);
    String html = buffered.html();
    if (html != null) {
      String decorated = decorated(request, response, html);
      byte[] bytes = decorated.getBytes(StandardCharsets.UTF_8);
      response.setCharacterEncoding("UTF-8");
      response.setContentLength(bytes.length);
      response.getOutputStream().write(bytes);
    }
  }

  private String decorated(HttpServletRequest request, HttpServletResponse response, String html) {
    Matcher decorator = DECORATOR.matcher(html);
    if (!decorator.find()) {
      return html;
    }
    String name = decorator.group(1);
    parts.journal().add("decorators", Map.of("uri", request.getRequestURI(), "decorator", name));
    String head = part(HEAD, html).replace(decorator.group(), "");
    String title = part(TITLE, head);
    String body = part(BODY, html);
    Exchange exchange = new Exchange(parts, request, response);
    return name.equals("atl.admin")
        ? frame.admin(exchange, title, TITLE.matcher(head).replaceAll(""), body)
        : frame.general(exchange, title, TITLE.matcher(head).replaceAll(""), body);
  }

  private static String part(Pattern pattern, String html) {
    Matcher matcher = pattern.matcher(html);
    return matcher.find() ? matcher.group(1) : "";
  }

  /** Keeps HTML back; everything else passes straight through. */
  private static final class Buffered extends HttpServletResponseWrapper {

    private CharArrayWriter text;
    private java.io.ByteArrayOutputStream bytes;
    private PrintWriter writer;

    private Buffered(HttpServletResponse response) {
      super(response);
    }

    String html() throws IOException {
      if (writer != null) {
        writer.flush();
      }
      if (text != null) {
        return text.toString();
      }
      return bytes == null ? null : bytes.toString(StandardCharsets.UTF_8);
    }

    private boolean isHtml() {
      return getContentType() != null && getContentType().startsWith("text/html");
    }

    @Override
    public PrintWriter getWriter() throws IOException {
      if (writer == null) {
        if (!isHtml()) {
          return super.getWriter();
        }
        text = new CharArrayWriter();
        writer = new PrintWriter(text);
      }
      return writer;
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
      if (!isHtml()) {
        return super.getOutputStream();
      }
      if (bytes == null) {
        bytes = new java.io.ByteArrayOutputStream();
      }
      return new Into(bytes);
    }

    @Override
    public void setContentLength(int length) {
      if (!isHtml()) {
        super.setContentLength(length);
      }
    }

    @Override
    public void flushBuffer() throws IOException {
      if (text == null && bytes == null) {
        super.flushBuffer();
      }
    }
  }

  private static final class Into extends ServletOutputStream {

    private final java.io.ByteArrayOutputStream bytes;

    private Into(java.io.ByteArrayOutputStream bytes) {
      this.bytes = bytes;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void write(int b) {
      bytes.write(b);
    }
  }
}
