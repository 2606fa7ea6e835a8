package io.ostiary.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.servlet.ServletException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/**
 * Stands before all filters and writes down what came with each POST to the sign-on path: the site
 * it came from and the names of its cookies, never their values.
 */
final class ArrivalRecorder extends ValveBase {
  private static final int MOST = 100;

  private final List<String> arrivals = new CopyOnWriteArrayList<>();

  ArrivalRecorder() {
    super(true);
  }

  /** One line for each arrival: {@code Sec-Fetch-Site}, then the cookies' names. */
  List<String> arrivals() {
    return arrivals;
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    if (request.getMethod().equals("POST")
        && request.getRequestURI().equals(Application.SIGN_ON_PATH)
        && arrivals.size() < MOST) {
      List<String> line = new ArrayList<>();
      line.add("site=" + request.getHeader("Sec-Fetch-Site"));
      for (String header : Collections.list(request.getHeaders("Cookie"))) {
        for (String cookie : header.split("; *", -1)) {
          line.add(cookie.split("=", 2)[0]);
        }
      }
      arrivals.add(String.join(" ", line));
    }
    getNext().invoke(request, response);
  }
}
