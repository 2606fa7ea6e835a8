package io.ostiary.standin.plugins;

import io.ostiary.standin.sal.Services;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.Map;
import javax.servlet.ServletException;

/**
 * Makes instances of module classes: by the constructor whose arguments are services, or without.
 */
final class ModuleClasses {

  private final Services services;

  ModuleClasses(Services services) {
    this.services = services;
  }

  Class<?> load(Plugin plugin, Descriptor.Module module) throws Refused {
    try {
      return plugin.bundle().loadClass(module.className());
    } catch (ClassNotFoundException | LinkageError e) {
      throw new Refused(
          plugin.key() + ":" + module.key() + ": " + module.className() + " cannot be loaded: " + e,
          e);
    }
  }

  <T> T make(Class<?> type, Class<T> as) throws ServletException {
    if (!Modifier.isPublic(type.getModifiers())) {
      throw new ServletException(type.getName() + " is not public");
    }
    try {
      for (Constructor<?> constructor : type.getConstructors()) {
        Object[] arguments = arguments(constructor);
        if (arguments != null) {
          return as.cast(constructor.newInstance(arguments));
        }
      }
    } catch (InvocationTargetException e) {
      throw new ServletException(type.getName() + " cannot be made", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new ServletException(type.getName() + " cannot be made", e);
    }
    throw new ServletException(
        type.getName() + " has no public constructor whose arguments the host has");
  }

  private Object[] arguments(Constructor<?> constructor) {
    Map<Class<?>, Object> all = services.all();
    Class<?>[] types = constructor.getParameterTypes();
    Object[] arguments = new Object[types.length];
    for (int i = 0; i < types.length; i++) {
      arguments[i] = all.get(types[i]);
      if (arguments[i] == null) {
        return null;
      }
    }
    return arguments;
  }
}
