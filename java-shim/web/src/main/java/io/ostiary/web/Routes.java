package io.ostiary.web;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The paths that the engine wants to see, compared in Java so that every other request crosses
 * nothing. Paths are inside the context.
 */
public final class Routes {

  private final Set<String> own;
  private final boolean protect;
  private final Set<String> openPaths;
  private final List<String> openPrefixes;
  private final int maxFormBytes;

  /**
   * @param own the paths of the sign-in itself
   * @param protect whether a visitor who is not signed in may see open paths only
   * @param open exact paths, and prefixes that end in {@code /*}
   * @param maxFormBytes the largest form that is read for the sign-in
   */
  public Routes(Iterable<String> own, boolean protect, Iterable<String> open, int maxFormBytes) {
    Set<String> ownPaths = new HashSet<String>();
    for (String path : own) {
      ownPaths.add(path);
    }
    Set<String> exact = new HashSet<String>();
    List<String> prefixes = new ArrayList<String>();
    for (String entry : open) {
      if (entry.endsWith("/*")) {
        prefixes.add(entry.substring(0, entry.length() - 1));
      } else {
        exact.add(entry);
      }
    }
    this.own = Collections.unmodifiableSet(ownPaths);
    this.protect = protect;
    this.openPaths = Collections.unmodifiableSet(exact);
    this.openPrefixes = Collections.unmodifiableList(prefixes);
    this.maxFormBytes = maxFormBytes;
  }

  public static Routes of(io.ostiary.bridge.Routes routes) {
    return new Routes(routes.own(), routes.protect(), routes.open(), routes.maxFormBytes());
  }

  /**
   * Routes for an application whose configuration cannot be read: nothing is ours, nothing is open.
   */
  public static Routes closed() {
    return new Routes(Collections.<String>emptyList(), true, Collections.<String>emptyList(), 0);
  }

  public int maxFormBytes() {
    return maxFormBytes;
  }

  public boolean isOwn(String path) {
    return own.contains(path);
  }

  /**
   * Tells whether a visitor who is not signed in must be stopped here.
   *
   * @param path the container's decoded path inside the context
   * @param rawUri the URI as the browser spelt it; an ambiguous spelling is never open
   */
  public boolean isProtected(String path, String rawUri) {
    return protect && !(isOpen(path) && RawUri.isPlain(rawUri));
  }

  private boolean isOpen(String path) {
    if (openPaths.contains(path)) {
      return true;
    }
    for (String prefix : openPrefixes) {
      if (path.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }
}
