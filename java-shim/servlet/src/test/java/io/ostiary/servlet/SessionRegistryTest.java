package io.ostiary.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.ostiary.web.Hex;
import io.ostiary.web.SessionFacts;
import io.ostiary.web.SessionRegistry;
import io.ostiary.web.SessionSlot;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.servlet.http.HttpSession;
import javax.servlet.http.HttpSessionEvent;
import org.junit.jupiter.api.Test;

class SessionRegistryTest {

  private static final SessionSlot SLOT = new SessionSlot("test");

  private final SessionRegistry registry = new SessionRegistry(SLOT);

  @Test
  void ends_all_sessions_of_a_name_id_and_no_other() {
    HttpSession first = signedIn("simon", "_1", Long.MAX_VALUE);
    HttpSession second = signedIn("simon", null, Long.MAX_VALUE);
    HttpSession other = signedIn("ada", "_1", Long.MAX_VALUE);
    assertThat(registry.end(Hex.sha256("simon"), null)).isEqualTo(2);
    assertThat(Fakes.hasEnded(first)).isTrue();
    assertThat(Fakes.hasEnded(second)).isTrue();
    assertThat(Fakes.hasEnded(other)).isFalse();
    assertThat(registry.size()).isEqualTo(1);
  }

  @Test
  void ends_the_named_session_indexes_and_sessions_without_one() {
    HttpSession named = signedIn("simon", "_1", Long.MAX_VALUE);
    HttpSession unnamed = signedIn("simon", "_2", Long.MAX_VALUE);
    HttpSession without = signedIn("simon", null, Long.MAX_VALUE);
    assertThat(registry.end(Hex.sha256("simon"), List.of("_1", "_9"))).isEqualTo(2);
    assertThat(Fakes.hasEnded(named)).isTrue();
    assertThat(Fakes.hasEnded(unnamed)).isFalse();
    assertThat(Fakes.hasEnded(without)).isTrue();
  }

  @Test
  void ends_sessions_at_their_not_on_or_after() {
    HttpSession due = signedIn("simon", "_1", 1000);
    HttpSession later = signedIn("simon", "_2", 1001);
    registry.sweep(1000);
    assertThat(Fakes.hasEnded(due)).isTrue();
    assertThat(Fakes.hasEnded(later)).isFalse();
    assertThat(registry.size()).isEqualTo(1);
  }

  @Test
  void forgets_sessions_that_ended_unseen() {
    signedIn("simon", "_1", Long.MAX_VALUE).invalidate();
    registry.sweep(0);
    assertThat(registry.size()).isZero();
  }

  @Test
  void forgets_a_session_when_the_container_says_that_it_ends() {
    HttpSession session = signedIn("simon", "_1", Long.MAX_VALUE);
    registry.sessionDestroyed(new HttpSessionEvent(session));
    assertThat(registry.size()).isZero();
    assertThat(Fakes.hasEnded(session)).isFalse();
  }

  @Test
  void bears_a_session_that_ended_meanwhile() {
    signedIn("simon", "_1", Long.MAX_VALUE).invalidate();
    assertThat(registry.end(Hex.sha256("simon"), null)).isEqualTo(1);
  }

  @Test
  void knows_a_session_by_its_token_only_once() {
    HttpSession session = signedIn("simon", "_1", Long.MAX_VALUE);
    registry.register(session, SLOT.read(session));
    assertThat(registry.size()).isEqualTo(1);
  }

  @Test
  void keeps_only_java_lang_types_in_the_session_and_reads_them_back() {
    HttpSession session = Fakes.session();
    assertThat(SLOT.read(session)).isNull();
    SLOT.write(session, new SessionFacts("t1", "b.simon", "{}", Hex.sha256("simon"), "_1", 5));
    SessionFacts read = SLOT.read(session);
    assertThat(read.user()).isEqualTo("b.simon");
    assertThat(read.json()).isEqualTo("{}");
    assertThat(read.sessionIndex()).isEqualTo("_1");
    assertThat(read.notOnOrAfterMillis()).isEqualTo(5);
    assertThat(SLOT.tokenOf(session)).isEqualTo("t1");
  }

  @Test
  void ends_every_session_however_sign_ins_and_logouts_cross() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<List<HttpSession>>> signingIn = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      signingIn.add(
          threads.submit(
              () -> {
                List<HttpSession> mine = new ArrayList<>();
                for (int session = 0; session < 300; session++) {
                  mine.add(signedIn("simon", "_1", Long.MAX_VALUE));
                }
                return mine;
              }));
    }
    Future<Integer> leaving =
        threads.submit(
            () -> {
              int ended = 0;
              for (int round = 0; round < 100; round++) {
                ended += registry.end(Hex.sha256("simon"), null);
                registry.sweep(0);
              }
              return ended;
            });
    List<HttpSession> all = new ArrayList<>();
    for (Future<List<HttpSession>> mine : signingIn) {
      all.addAll(mine.get());
    }
    int ended = leaving.get() + registry.end(Hex.sha256("simon"), null);
    threads.shutdown();
    assertThat(ended).isEqualTo(all.size()).isEqualTo(2100);
    assertThat(all).allMatch(Fakes::hasEnded);
    assertThat(registry.size()).isZero();
  }

  private HttpSession signedIn(String nameId, String index, long until) {
    HttpSession session = Fakes.session();
    SessionFacts facts =
        new SessionFacts(registry.newToken(), nameId, "{}", Hex.sha256(nameId), index, until);
    SLOT.write(session, facts);
    registry.register(session, facts);
    return session;
  }
}
