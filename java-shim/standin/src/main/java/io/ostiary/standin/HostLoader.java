package io.ostiary.standin;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Type;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;
import org.objectweb.asm.tree.AnnotationNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The web application's class loader. It gives the host's classes the shape of the profile: absent
 * are the other product's classes and whatever {@link Generations} says, and on newer hosts the
 * servlet API has its jakarta name.
 */
final class HostLoader extends URLClassLoader {

  static {
    registerAsParallelCapable();
  }

  private static final String GENERATIONS = Type.getDescriptor(Generations.class);
  private static final List<String> SHAPED = List.of("io.ostiary.standin.", "com.atlassian.");
  private static final List<String> JIRA_ONLY = List.of("com.atlassian.jira.");
  private static final List<String> CONFLUENCE_ONLY =
      List.of("com.atlassian.confluence.", "com.atlassian.user.", "com.atlassian.spring.");

  private final Profile profile;

  HostLoader(Profile profile, URL[] urls, ClassLoader container) {
    super("host", urls, container);
    this.profile = profile;
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (SHAPED.stream().noneMatch(name::startsWith)) {
      return super.findClass(name);
    }
    if (otherProducts().stream().anyMatch(name::startsWith)) {
      throw new ClassNotFoundException(name + " is not in " + profile.id());
    }
    byte[] bytes = shaped(name);
    return defineClass(name, bytes, 0, bytes.length);
  }

  private List<String> otherProducts() {
    return profile.isJira() ? CONFLUENCE_ONLY : JIRA_ONLY;
  }

  private byte[] shaped(String name) throws ClassNotFoundException {
    ClassNode node = new ClassNode();
    try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      new ClassReader(in).accept(node, 0);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
    if (!exists(node.invisibleAnnotations)) {
      throw new ClassNotFoundException(name + " is not in " + profile.id());
    }
    node.methods.removeIf((MethodNode method) -> !exists(method.invisibleAnnotations));
    ClassWriter writer = new ClassWriter(0);
    node.accept(profile.isJakarta() ? new ClassRemapper(writer, new ToJakarta()) : writer);
    return writer.toByteArray();
  }

  private boolean exists(List<AnnotationNode> annotations) {
    if (annotations == null) {
      return true;
    }
    for (AnnotationNode annotation : annotations) {
      if (GENERATIONS.equals(annotation.desc)) {
        return profile.generation() >= value(annotation, "from", 1)
            && profile.generation() <= value(annotation, "to", Integer.MAX_VALUE);
      }
    }
    return true;
  }

  private static int value(AnnotationNode annotation, String name, int otherwise) {
    if (annotation.values != null) {
      int at = annotation.values.indexOf(name);
      if (at >= 0) {
        return (Integer) annotation.values.get(at + 1);
      }
    }
    return otherwise;
  }

  /** The servlet API under its new name, in types and in string constants. */
  private static final class ToJakarta extends Remapper {

    @Override
    public String map(String internalName) {
      return internalName.startsWith("javax/servlet/")
          ? "jakarta" + internalName.substring(5)
          : null;
    }

    @Override
    public Object mapValue(Object value) {
      if (value instanceof String text && text.startsWith("javax.servlet")) {
        return "jakarta" + text.substring(5);
      }
      return super.mapValue(value);
    }
  }
}
