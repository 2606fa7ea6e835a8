package io.ostiary.atlassian;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.servlet.ServletOutputStream;
import javax.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Test;

class HeldResponseTest {

  private static final String PAGE = "<html><body><form></form></body></html>";

  private final List<String> told = new ArrayList<>();
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private String type = "text/html; charset=UTF-8";

  private final HttpServletResponse response =
      Fakes.proxy(
          HttpServletResponse.class,
          (self, method, arguments) -> {
            switch (method.getName()) {
              case "getContentType":
                return type;
              case "getCharacterEncoding":
                return "UTF-8";
              case "getOutputStream":
                return new ServletOutputStream() {
                  @Override
                  public void write(int octet) {
                    sent.write(octet);
                  }
                };
              case "isCommitted":
                return false;
              default:
                told.add(method.getName() + (arguments == null ? "" : " " + arguments[0]));
                return null;
            }
          });

  private final HeldResponse held = new HeldResponse(response);

  private String sent() {
    return sent.toString(StandardCharsets.UTF_8);
  }

  @Test
  void puts_the_addition_at_the_end_of_the_body_and_tells_the_new_length() throws IOException {
    held.setContentLength(PAGE.length());
    held.getWriter().write(PAGE.replace("form", "f\u00f6rm"));
    held.flushBuffer();
    assertThat(sent()).isEmpty();
    held.release("<script></script>");
    assertThat(sent())
        .isEqualTo("<html><body><f\u00f6rm></f\u00f6rm><script></script></body></html>");
    assertThat(told).containsExactly("setContentLength " + sent.size());
  }

  @Test
  void leaves_what_is_no_readable_html_page_as_it_is() throws IOException {
    type = "application/json";
    held.getOutputStream().write(PAGE.getBytes(StandardCharsets.UTF_8));
    held.release("<script></script>");
    assertThat(sent()).isEqualTo(PAGE);
  }

  @Test
  void leaves_a_compressed_page_as_it_is() throws IOException {
    held.setHeader("Content-Encoding", "gzip");
    held.getOutputStream().write(PAGE.getBytes(StandardCharsets.UTF_8));
    held.release("<script></script>");
    assertThat(sent()).isEqualTo(PAGE);
  }

  @Test
  void lets_a_page_go_that_turns_out_too_long() throws IOException {
    byte[] block = "x".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 3; i++) {
      held.getOutputStream().write(block, 0, block.length);
    }
    held.release("<script></script>");
    assertThat(sent.size()).isEqualTo(3 << 20);
    assertThat(held.isLetGo()).isTrue();
  }

  @Test
  void holds_a_redirect_until_it_is_known_what_follows() throws IOException {
    held.sendRedirect("/login.action?logout=true");
    assertThat(held.isCommitted()).isTrue();
    assertThat(told).isEmpty();
    held.release();
    assertThat(told).containsExactly("sendRedirect /login.action?logout=true");
  }

  @Test
  void sends_nothing_of_what_was_dropped() throws IOException {
    held.getWriter().write(PAGE);
    held.drop();
    held.release();
    assertThat(sent()).isEmpty();
  }

  @Test
  void lets_error_pages_of_the_host_pass_at_once() throws IOException {
    held.getWriter().write(PAGE);
    held.sendError(404);
    held.release("<script></script>");
    assertThat(told).containsExactly("sendError 404");
    assertThat(sent()).isEmpty();
  }
}
