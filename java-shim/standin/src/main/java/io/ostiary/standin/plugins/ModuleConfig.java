package io.ostiary.standin.plugins;

import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;
import javax.servlet.FilterConfig;
import javax.servlet.ServletConfig;
import javax.servlet.ServletContext;

/** The configuration that a servlet or filter module gets. */
record ModuleConfig(String name, ServletContext context, Map<String, String> params)
    implements FilterConfig, ServletConfig {

  @Override
  public String getFilterName() {
    return name;
  }

  @Override
  public String getServletName() {
    return name;
  }

  @Override
  public ServletContext getServletContext() {
    return context;
  }

  @Override
  public String getInitParameter(String param) {
    return params.get(param);
  }

  @Override
  public Enumeration<String> getInitParameterNames() {
    return Collections.enumeration(params.keySet());
  }
}
