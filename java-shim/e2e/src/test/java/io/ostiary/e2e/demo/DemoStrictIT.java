package io.ostiary.e2e.demo;

/**
 * With the session cookie of a container that is set up strictly: it does not even come with the
 * redirect after the identity provider's POST.
 */
class DemoStrictIT extends HostChecks {
  DemoStrictIT() {
    super("Strict");
  }
}
