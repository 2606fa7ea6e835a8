package io.ostiary.demo;

import static javax.servlet.DispatcherType.ASYNC;
import static javax.servlet.DispatcherType.FORWARD;
import static javax.servlet.DispatcherType.REQUEST;

import io.ostiary.servlet.SsoFilter;
import java.io.File;
import java.util.EnumSet;
import javax.servlet.FilterRegistration;
import javax.servlet.ServletContextEvent;
import javax.servlet.ServletContextListener;

/**
 * All that an application does to be behind Ostiary. The JSON file names it and its identity
 * provider.
 */
public final class SingleSignOn implements ServletContextListener {
  @Override
  public void contextInitialized(ServletContextEvent event) {
    File config = new File(event.getServletContext().getInitParameter("ostiary.config"));
    FilterRegistration.Dynamic filter =
        event.getServletContext().addFilter("ostiary", new SsoFilter(config));
    filter.setAsyncSupported(true);
    filter.addMappingForUrlPatterns(EnumSet.of(REQUEST, FORWARD, ASYNC), false, "/*");
  }
}
