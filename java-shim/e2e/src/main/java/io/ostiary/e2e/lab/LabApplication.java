package io.ostiary.e2e.lab;

import io.ostiary.demo.Application;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.catalina.LifecycleException;

/**
 * The example application with pages that a test can ask questions of: {@code LabApplication PORT CONFIG}.
 *
 * <p>Everything below {@code /public/} is meant to be open, everything else protected.
 */
public final class LabApplication {

  private LabApplication() {}

  /** Runs until the process ends. */
  public static void main(String[] args) throws IOException, LifecycleException {
    Application application = new Application(Integer.parseInt(args[0]), Path.of(args[1]), null);
    application.addServlet("who", new WhoServlet(), "/secret/*", "/public/who");
    application.addServlet("dispatch", new DispatchServlet(), "/public/forward", "/public/async");
    application.addServlet("session", new SessionServlet(), "/public/session");
    application.start();
    System.out.println("listening");
    application.await();
  }
}
