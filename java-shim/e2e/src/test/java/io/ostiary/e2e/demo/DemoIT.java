package io.ostiary.e2e.demo;

/** With the session cookie that most containers send, or that browsers make of it. */
class DemoIT extends HostChecks {
  DemoIT() {
    super("Lax");
  }
}
