package io.ostiary.atlassian;

/** Why a program may not ask. */
final class Refusal {

  private final int status;
  private final String code;

  Refusal(int status, String code) {
    this.status = status;
    this.code = code;
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }
}
