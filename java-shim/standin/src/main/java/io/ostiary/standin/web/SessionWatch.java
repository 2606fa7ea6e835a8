package io.ostiary.standin.web;

import io.ostiary.standin.host.Callers;
import javax.servlet.http.HttpSessionAttributeListener;
import javax.servlet.http.HttpSessionBindingEvent;
import org.osgi.framework.BundleReference;

/** Sees objects of a plug-in's own classes in a session: they break after an upgrade. */
final class SessionWatch implements HttpSessionAttributeListener {

  @Override
  public void attributeAdded(HttpSessionBindingEvent event) {
    look(event.getName(), event.getValue());
  }

  @Override
  public void attributeReplaced(HttpSessionBindingEvent event) {
    look(event.getName(), event.getSession().getAttribute(event.getName()));
  }

  @Override
  public void attributeRemoved(HttpSessionBindingEvent event) {}

  private static void look(String name, Object value) {
    if (value == null) {
      return;
    }
    boolean own = value.getClass().getClassLoader() instanceof BundleReference;
    boolean byPlugin = Callers.plugin() != null && !name.startsWith("seraph_");
    if (own || (byPlugin && !value.getClass().getName().startsWith("java.lang."))) {
      Callers.violation("session", name + " is a " + value.getClass().getName());
    }
  }
}
