package io.ostiary.bridge;

import java.io.IOException;

/** Everything that only the host can do for an engine. It outlives engines. */
public final class Host {
  private final Fetcher fetcher;
  private final UserDirectory users;
  private final OneTimeStore oneTime;
  private final SettingsStore settings;

  /** A host of these parts. */
  public Host(Fetcher fetcher, UserDirectory users, OneTimeStore oneTime, SettingsStore settings) {
    this.fetcher = fetcher;
    this.users = users;
    this.oneTime = oneTime;
    this.settings = settings;
  }

  /** Answers one question of an engine: the {@code result} of docs/wire.md. */
  Json answer(Json ask) {
    try {
      switch (ask.text("what", "")) {
        case "fetch":
          return fetched(
              fetcher.fetch(
                  ask.text("url", ""), ask.integer("max_bytes", 0), ask.integer("timeout_ms", 0)));
        case "look_up":
          UserDirectory.Answer answer = users.find(ask.text("user", ""));
          return new Json().put(answer.field(), answer.value());
        case "reserve":
          return reserved(
              oneTime.reserve(
                  ask.text("key", ""), ask.number("until_ms", 0), ask.number("issued_ms", 0)));
        case "save":
          settings.save(ask.object("settings").toString());
          return new Json().put("saved", true);
        default:
          return failed("this host does not know how to do that");
      }
    } catch (IOException e) {
      return failed(e.toString());
    } catch (RuntimeException e) {
      // A defect of the host's own code. The engine refuses with a code, and the text reaches the
      // log.
      return "reserve".equals(ask.text("what", ""))
          ? reserved(OneTimeStore.Reservation.UNREACHABLE)
          : failed(e.toString());
    }
  }

  private static Json fetched(Fetcher.Fetched fetched) {
    if (fetched.error() != null) {
      Json failed = failed(fetched.error());
      return fetched.why() == null ? failed : failed.put("why", fetched.why().text());
    }
    return new Json()
        .put("status", fetched.status())
        .put("body", Base64Text.encode(fetched.body()));
  }

  private static Json reserved(OneTimeStore.Reservation reservation) {
    Json result = new Json().put("reserved", reservation == OneTimeStore.Reservation.RESERVED);
    return reservation.why() == null ? result : result.put("why", reservation.why());
  }

  private static Json failed(String error) {
    return new Json().put("error", error);
  }
}
