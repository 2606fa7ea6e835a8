package io.ostiary.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.ostiary.web.Landing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.servlet.ServletOutputStream;
import javax.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Test;

class LandingTest {
  private static final String TARGET = "/browse/X-1?a='b'&c=<d>";
  private static final List<String> OURS = List.of("ostiary_id1=x; SameSite=None");

  private final List<String> headers = new ArrayList<>();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private int status;

  private void land(List<String> containersCookies) throws IOException {
    Landing.send(response(containersCookies), TARGET, OURS);
  }

  @Test
  void redirectsWhereTheSessionCookieComesAlong() throws IOException {
    for (List<String> cookies :
        List.of(
            List.<String>of(),
            List.of("JSESSIONID=1; Path=/; HttpOnly"),
            List.of("JSESSIONID=1; Path=/; SameSite=Lax"),
            List.of("strict=samesite; Path=/"))) {
      headers.clear();
      land(cookies);
      assertThat(status).isEqualTo(303);
      assertThat(headers).contains("Location: " + TARGET, "Set-Cookie: " + OURS.get(0));
      assertThat(body.toString(StandardCharsets.UTF_8)).isEmpty();
    }
  }

  @Test
  void startsAfreshFromThisSiteWhereTheSessionCookieIsStrict() throws IOException {
    for (String strict : List.of("; SameSite=Strict", ";samesite=STRICT; Secure")) {
      headers.clear();
      body.reset();
      land(List.of("theme=dark; Path=/", "JSESSIONID=1; Path=/" + strict));
      assertThat(status).isEqualTo(200);
      assertThat(headers)
          .contains("Cache-Control: no-store", "Set-Cookie: " + OURS.get(0))
          .noneMatch(header -> header.startsWith("Location"));
      assertThat(body.toString(StandardCharsets.UTF_8))
          .contains("content=\"0;url=/browse/X-1?a=&#39;b&#39;&amp;c=&lt;d&gt;\"")
          .contains("href=\"/browse/X-1?a=&#39;b&#39;&amp;c=&lt;d&gt;\"");
    }
  }

  /** A response that writes down what it is told. */
  private HttpServletResponse response(List<String> containersCookies) {
    return (HttpServletResponse)
        Proxy.newProxyInstance(
            LandingTest.class.getClassLoader(),
            new Class<?>[] {HttpServletResponse.class},
            (self, method, arguments) -> {
              switch (method.getName()) {
                case "getHeaders":
                  return containersCookies;
                case "isCommitted":
                  return false;
                case "setStatus":
                  status = (Integer) arguments[0];
                  return null;
                case "setContentType":
                  headers.add("Content-Type: " + arguments[0]);
                  return null;
                case "setHeader":
                case "addHeader":
                  headers.add(arguments[0] + ": " + arguments[1]);
                  return null;
                case "getOutputStream":
                  return into(body);
                case "resetBuffer":
                case "setContentLength":
                  return null;
                default:
                  throw new AssertionError("unexpected " + method.getName());
              }
            });
  }

  private static ServletOutputStream into(ByteArrayOutputStream body) {
    return new ServletOutputStream() {
      @Override
      public void write(int b) {
        body.write(b);
      }
    };
  }
}
