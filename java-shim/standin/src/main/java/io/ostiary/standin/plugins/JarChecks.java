package io.ostiary.standin.plugins;

import io.ostiary.standin.Profile;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.Enumeration;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.osgi.framework.Version;

/** What a host refuses of a jar before the OSGi framework sees it. */
final class JarChecks {

  /** Java 7; the class reader of the oldest hosts knows no later constants. */
  private static final int JAVA_7 = 51;

  private static final Set<Integer> KNOWN_TAGS = Set.of(1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);

  private final Profile profile;

  JarChecks(Profile profile) {
    this.profile = profile;
  }

  void check(JarFile jar, Descriptor descriptor) throws Refused {
    try {
      if (jar.getManifest() == null) {
        throw new Refused("the jar has no manifest");
      }
      checkManifest(jar.getManifest().getMainAttributes(), descriptor);
      if (profile.isOldest()) {
        scanClasses(jar);
      }
    } catch (IOException e) {
      throw new Refused("the jar cannot be read: " + e.getMessage(), e);
    }
  }

  private void checkManifest(Attributes manifest, Descriptor descriptor) throws Refused {
    if (manifest.getValue("Bundle-SymbolicName") == null
        || !"2".equals(manifest.getValue("Bundle-ManifestVersion"))) {
      throw new Refused(
          "the stand-in makes no manifests: Bundle-ManifestVersion 2 and Bundle-SymbolicName are"
              + " needed");
    }
    String version = manifest.getValue("Bundle-Version");
    try {
      Version.parseVersion(version);
    } catch (IllegalArgumentException e) {
      throw new Refused("Bundle-Version is not an OSGi version: " + version, e);
    }
    String key = manifest.getValue("Atlassian-Plugin-Key");
    if (key != null && !key.equals(descriptor.key())) {
      throw new Refused(
          "Atlassian-Plugin-Key is " + key + ", the descriptor's is " + descriptor.key());
    }
    String imports = manifest.getValue("Import-Package");
    if (profile.isOldest() && imports != null && ("," + imports).contains(",java.")) {
      throw new Refused("importing java.* packages is not allowed");
    }
  }

  private static void scanClasses(JarFile jar) throws IOException, Refused {
    Enumeration<JarEntry> entries = jar.entries();
    while (entries.hasMoreElements()) {
      JarEntry entry = entries.nextElement();
      if (entry.getName().endsWith(".class")) {
        try (DataInputStream in = new DataInputStream(jar.getInputStream(entry))) {
          scan(entry.getName(), in);
        }
      }
    }
  }

  private static void scan(String name, DataInputStream in) throws IOException, Refused {
    in.readInt();
    in.readUnsignedShort();
    int major = in.readUnsignedShort();
    if (major > JAVA_7) {
      throw new Refused(name + " is of class level " + major + ", this host reads up to " + JAVA_7);
    }
    int count = in.readUnsignedShort();
    for (int i = 1; i < count; i++) {
      int tag = in.readUnsignedByte();
      if (!KNOWN_TAGS.contains(tag)) {
        throw new Refused(name + ": ArrayIndexOutOfBoundsException at constant tag " + tag);
      }
      if (tag == 1) {
        in.readUTF();
      } else {
        in.skipBytes(tag == 5 || tag == 6 ? 8 : tag == 7 || tag == 8 ? 2 : 4);
        i += tag == 5 || tag == 6 ? 1 : 0;
      }
    }
  }
}
