package io.ostiary.atlassian;

/**
 * The host could not do what was asked: it lacks it, or it threw. One sentence for an
 * administrator.
 */
class HostException extends Exception {

  private static final long serialVersionUID = 1L;

  HostException(String message, Throwable cause) {
    super(message, cause);
  }
}
