package io.ostiary.standin.plugins;

import io.ostiary.standin.Profile;
import io.ostiary.standin.host.Journal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/** Platform 7 and later: the host exports packages to its own plug-ins that others may not see. */
final class HiddenPackages implements ResolverHookFactory {

  private static final List<String> PUBLIC =
      List.of("com.atlassian.sal.api", "com.atlassian.annotations.security");

  private final Journal journal;

  HiddenPackages(Journal journal) {
    this.journal = journal;
  }

  static List<String> exportedButHidden(Profile profile) {
    return profile.isJira()
        ? List.of(
            "com.atlassian.jira.component",
            "com.atlassian.jira.security.login",
            "com.atlassian.seraph.auth",
            "com.atlassian.seraph.config")
        : List.of(
            "com.atlassian.confluence.user",
            "com.atlassian.confluence.security.login",
            "com.atlassian.seraph.auth",
            "com.atlassian.seraph.config");
  }

  @Override
  public ResolverHook begin(Collection<BundleRevision> triggers) {
    return new Hook();
  }

  private final class Hook implements ResolverHook {

    @Override
    public void filterMatches(
        BundleRequirement requirement, Collection<BundleCapability> candidates) {
      candidates.removeIf(candidate -> isHidden(requirement, candidate));
    }

    private boolean isHidden(BundleRequirement requirement, BundleCapability candidate) {
      Map<String, Object> attributes = candidate.getAttributes();
      Object name = attributes.get(PackageNamespace.PACKAGE_NAMESPACE);
      if (!(name instanceof String wanted)
          || !wanted.startsWith("com.atlassian.")
          || PUBLIC.stream().anyMatch(wanted::startsWith)) {
        return false;
      }
      journal.violation(
          "hidden-package",
          requirement.getRevision().getSymbolicName() + " wants " + wanted + ", which is hidden");
      return true;
    }

    @Override
    public void filterResolvable(Collection<BundleRevision> candidates) {}

    @Override
    public void filterSingletonCollisions(
        BundleCapability singleton, Collection<BundleCapability> collisions) {}

    @Override
    public void end() {}
  }
}
