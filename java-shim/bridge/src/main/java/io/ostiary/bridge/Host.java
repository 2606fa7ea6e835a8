package io.ostiary.bridge;

import com.eclipsesource.json.JsonObject;
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
  JsonObject answer(JsonObject ask) {
    try {
      switch (ask.getString("what", "")) {
        case "fetch":
          return fetched(fetcher.fetch(ask.getString("url", ""), ask.getInt("max_bytes", 0), ask.getInt("timeout_ms", 0)));
        case "look_up":
          UserDirectory.Answer answer = users.find(ask.getString("user", ""));
          return new JsonObject().add(answer.field(), Utf8.orNull(answer.value()));
        case "reserve":
          return reserved(oneTime.reserve(ask.getString("key", ""), ask.getLong("until_ms", 0), ask.getLong("issued_ms", 0)));
        case "save":
          settings.save(ask.get("settings").toString());
          return new JsonObject().add("saved", true);
        default:
          return failed("this host does not know how to do that");
      }
    } catch (IOException e) {
      return failed(e.toString());
    } catch (RuntimeException e) {
      // A defect of the host's own code. The engine refuses with a code, and the text reaches the log.
      return "reserve".equals(ask.getString("what", "")) ? reserved(OneTimeStore.Reservation.UNREACHABLE) : failed(e.toString());
    }
  }

  private static JsonObject fetched(Fetcher.Fetched fetched) {
    if (fetched.error() != null) {
      return failed(fetched.error());
    }
    return new JsonObject().add("status", fetched.status()).add("body", Base64Text.encode(fetched.body()));
  }

  private static JsonObject reserved(OneTimeStore.Reservation reservation) {
    JsonObject result = new JsonObject().add("reserved", reservation == OneTimeStore.Reservation.RESERVED);
    return reservation.why() == null ? result : result.add("why", reservation.why());
  }

  private static JsonObject failed(String error) {
    return new JsonObject().add("error", error);
  }
}
