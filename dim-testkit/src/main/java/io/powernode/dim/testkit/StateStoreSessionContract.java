package io.powernode.dim.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.spi.Commit.Guard;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.CommitResult.Conflict;
import io.powernode.dim.spi.StateStore.Session;
import io.powernode.dim.spi.StateStore.SessionState;
import io.powernode.dim.spi.StateStore.Standing;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a store promises of the right to write. */
abstract class StateStoreSessionContract extends StateStoreWatchContract {
  final Duration ttl = ttl();

  /**
   * How long the tests' sessions live, 2 seconds: long enough for what is done in one, and short
   * enough to be waited for where {@link #pass} waits.
   */
  protected Duration ttl() {
    return Duration.ofSeconds(2);
  }

  @Test
  void session_whileRenewed_staysLive() throws Exception {
    Session session = store.open("owner", ttl);
    for (int i = 0; i < 2; i++) {
      pass(ttl.dividedBy(2));
      assertThat(session.renew()).isTrue();
    }
    pass(ttl.dividedBy(2));
    assertThat(commitIn(session)).isInstanceOf(CommitResult.Committed.class);
  }

  @Test
  void session_afterItsTime_isOverForGood() throws Exception {
    Session session = store.open("owner", ttl);
    pass(ttl.plusSeconds(1));
    assertThat(commitIn(session)).isInstanceOf(Conflict.class);
    assertThat(session.renew()).isFalse();
    assertThat(session.renew()).isFalse();
    assertThat(commitIn(session)).isInstanceOf(Conflict.class);
    assertThat(commit("s", List.of(new Guard.EndedSession(session.epoch()))))
        .isInstanceOf(CommitResult.Committed.class);
  }

  @Test
  void session_afterClose_isOverAndOthersAreNot() {
    Session first = store.open("owner", ttl);
    Session second = store.open("owner", ttl);
    first.close();
    assertThat(commitIn(first)).isInstanceOf(Conflict.class);
    assertThat(first.renew()).isFalse();
    assertThat(commitIn(second)).isInstanceOf(CommitResult.Committed.class);
  }

  @Test
  void epochs_ofSessions_onlyRise() {
    long last = 0;
    for (String owner : List.of("a", "a", "b", "a")) {
      Session session = store.open(owner, ttl);
      assertThat(session.epoch()).isGreaterThan(last);
      last = session.epoch();
      session.close();
    }
  }

  /** Nothing is under way, so the expired one has ended when it was listed once. */
  @Test
  void sessions_always_tellWhoIsLiveAndWhoEnded() throws Exception {
    SessionState expired = ended(store.open("a", ttl.dividedBy(2)), "a");
    Session session = store.open("b", ttl.multipliedBy(10));
    SessionState closed = ended(session, "b");
    session.close();
    pass(ttl);
    SessionState live =
        new SessionState(store.open("a", ttl.multipliedBy(10)).epoch(), "a", Standing.LIVE);
    assertThat(store.sessions()).filteredOn(SessionState::isLive).containsExactly(live);
    assertThat(store.sessions()).containsExactly(expired, closed, live);
    store.forget(expired.epoch());
    assertThat(store.sessions()).containsExactly(closed, live);
  }

  private static SessionState ended(Session session, String owner) {
    return new SessionState(session.epoch(), owner, Standing.ENDED);
  }

  @Test
  void forget_ofAnEndedSession_leavesItOutAndEnded() {
    Session closed = store.open("a", ttl);
    long live = store.open("b", ttl).epoch();
    closed.close();
    store.forget(closed.epoch());
    store.forget(live);
    store.forget(Long.MAX_VALUE);
    assertThat(store.sessions()).containsExactly(new SessionState(live, "b", Standing.LIVE));
    assertThat(commit("s", List.of(new Guard.EndedSession(closed.epoch()))))
        .isInstanceOf(CommitResult.Committed.class);
    assertThat(closed.renew()).isFalse();
  }

  private CommitResult commitIn(Session session) {
    return commit("s", List.of(new Guard.LiveSession(session.epoch())), put("k", "v"));
  }
}
