package io.ostiary.atlassian;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Calls methods of host classes by name. Hosts of many versions are served, so nothing is linked.
 */
final class Reflect {

  private Reflect() {}

  /**
   * Calls a public method through the interface that declares it, or else through the class.
   *
   * @param arguments chosen by their types; none of them null where a name is overloaded
   * @throws HostLacks when there is no such method
   * @throws HostException when it threw; the cause is what it threw
   */
  static Object call(Object target, String name, Object... arguments) throws HostException {
    return invoke(required(target.getClass(), name, arguments), target, arguments);
  }

  /** Calls a static method. */
  static Object callStatic(Class<?> type, String name, Object... arguments) throws HostException {
    return invoke(required(type, name, arguments), null, arguments);
  }

  /** Whether {@link #call} would find a method. */
  static boolean has(Object target, String name, Object... arguments) {
    return find(target.getClass(), name, arguments) != null;
  }

  /**
   * Calls a method that subclasses may have overridden and that need not be public; the most
   * derived class that declares it is asked.
   */
  static Object callProtected(Object target, String name, Object... arguments)
      throws HostException {
    return invoke(protectedMethod(target, name, arguments), target, arguments);
  }

  static Method protectedMethod(Object target, String name, Object... arguments) throws HostLacks {
    for (Class<?> type = target.getClass(); type != null; type = type.getSuperclass()) {
      Method method = declared(type, name, arguments);
      if (method != null) {
        return method;
      }
    }
    throw lacks(target.getClass(), name, arguments.length);
  }

  /** Whether a class or one above it has this name. */
  static boolean isA(Object target, String className) {
    for (Class<?> type = target.getClass(); type != null; type = type.getSuperclass()) {
      if (type.getName().equals(className)) {
        return true;
      }
    }
    for (Class<?> type : interfacesOf(target.getClass())) {
      if (type.getName().equals(className)) {
        return true;
      }
    }
    return false;
  }

  /** Loads a host class from the first loader that has it. */
  static Class<?> load(Iterable<ClassLoader> loaders, String name) throws HostLacks {
    for (ClassLoader loader : loaders) {
      Class<?> loaded = loader == null ? null : loaded(loader, name);
      if (loaded != null) {
        return loaded;
      }
    }
    throw new HostLacks("This host has no class " + name + ".");
  }

  private static Class<?> loaded(ClassLoader loader, String name) {
    try {
      return Class.forName(name, true, loader);
    } catch (ClassNotFoundException absent) {
      return null;
    } catch (LinkageError absent) {
      return null;
    }
  }

  private static Method required(Class<?> type, String name, Object... arguments) throws HostLacks {
    Method method = find(type, name, arguments);
    if (method == null) {
      throw lacks(type, name, arguments.length);
    }
    return method;
  }

  private static HostLacks lacks(Class<?> type, String name, int count) {
    return new HostLacks(
        "This host's "
            + type.getName()
            + " has no method "
            + name
            + " with "
            + count
            + (count == 1 ? " such argument." : " such arguments."));
  }

  private static Method find(Class<?> type, String name, Object... arguments) {
    for (Class<?> declaring : interfacesOf(type)) {
      if (Modifier.isPublic(declaring.getModifiers())) {
        Method method = declared(declaring, name, arguments);
        if (method != null) {
          return method;
        }
      }
    }
    for (Class<?> declaring = type; declaring != null; declaring = declaring.getSuperclass()) {
      Method method = declared(declaring, name, arguments);
      if (method != null && Modifier.isPublic(method.getModifiers())) {
        return method;
      }
    }
    return null;
  }

  private static Method declared(Class<?> type, String name, Object... arguments) {
    for (Method method : type.getDeclaredMethods()) {
      if (method.getName().equals(name)
          && !method.isBridge()
          && accepts(method.getParameterTypes(), arguments)) {
        return method;
      }
    }
    return null;
  }

  private static boolean accepts(Class<?>[] types, Object... arguments) {
    if (types.length != arguments.length) {
      return false;
    }
    for (int i = 0; i < types.length; i++) {
      if (arguments[i] == null
          ? types[i].isPrimitive()
          : !boxed(types[i]).isInstance(arguments[i])) {
        return false;
      }
    }
    return true;
  }

  private static Class<?> boxed(Class<?> type) {
    return type == boolean.class ? Boolean.class : type;
  }

  private static Set<Class<?>> interfacesOf(Class<?> type) {
    Set<Class<?>> interfaces = new LinkedHashSet<Class<?>>();
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      collect(c, interfaces);
    }
    return interfaces;
  }

  private static void collect(Class<?> type, Set<Class<?>> interfaces) {
    if (type.isInterface()) {
      interfaces.add(type);
    }
    for (Class<?> above : type.getInterfaces()) {
      collect(above, interfaces);
    }
  }

  private static Object invoke(Method method, Object target, Object... arguments)
      throws HostException {
    try {
      method.setAccessible(true);
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw new HostException(
          "This host's " + method.getName() + " failed: " + e.getCause(), e.getCause());
    } catch (IllegalAccessException e) {
      throw new HostException("This host's " + method.getName() + " cannot be called: " + e, e);
    } catch (RuntimeException e) {
      throw new HostException("This host's " + method.getName() + " cannot be called: " + e, e);
    }
  }
}
