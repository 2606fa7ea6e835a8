package io.ostiary.atlassian;

/** This host does not have a class, method or service that other hosts have. */
final class HostLacks extends HostException {

  private static final long serialVersionUID = 1L;

  HostLacks(String message) {
    super(message, null);
  }
}
