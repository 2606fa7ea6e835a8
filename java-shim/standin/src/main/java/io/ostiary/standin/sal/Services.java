package io.ostiary.standin.sal;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The SAL services by interface. Each is a proxy that has the interface's methods and no other, so
 * that nothing but the profile's method set can be called.
 */
public final class Services {

  private final Map<Class<?>, Object> services = new LinkedHashMap<>();

  public <T> Services add(Class<T> type, T implementation) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              if (method.getDeclaringClass() == Object.class) {
                return ofObject(self, method.getName(), arguments, type);
              }
              try {
                return method.invoke(implementation, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
    services.put(type, proxy);
    return this;
  }

  public Map<Class<?>, Object> all() {
    return services;
  }

  private static Object ofObject(Object self, String method, Object[] arguments, Class<?> type) {
    return switch (method) {
      case "equals" -> self == arguments[0];
      case "hashCode" -> System.identityHashCode(self);
      default -> "service " + type.getName();
    };
  }
}
