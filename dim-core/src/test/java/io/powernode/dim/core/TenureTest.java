package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.spi.StateStore;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The session of an orchestrator, on a clock that a test turns. */
class TenureTest {
  private static final Duration TTL = Duration.ofSeconds(15);

  private final ManualEnvironment environment = new ManualEnvironment();
  private final FaultyStore store = new FaultyStore(environment);
  private final AtomicInteger lost = new AtomicInteger();

  private Tenure tenure(boolean isAnother) {
    return new Tenure(
        new Committing(store, environment), "o", TTL, isAnother, lost::incrementAndGet);
  }

  private boolean isLive(Tenure tenure) {
    return store.sessions().stream()
        .filter(session -> session.epoch() == tenure.epoch())
        .allMatch(StateStore.SessionState::isLive);
  }

  @Test
  void renewal_withoutAThreadOrWithAnError_isTriedAgain() {
    Tenure tenure = tenure(false);
    environment.withoutThread = 2;
    environment.advance(TTL);
    store.brokenRenewals.set(1);
    environment.advance(TTL.multipliedBy(3));

    assertThat(isLive(tenure)).isTrue();
    assertThat(tenure.isSure()).isTrue();
    assertThat(lost).hasValue(0);
  }

  @Test
  void renewal_ofASessionThatEnded_isTheLast() {
    Tenure tenure = tenure(false);
    store.expireSessions();
    environment.advance(TTL.multipliedBy(3));

    assertThat(tenure.isOver()).isTrue();
    assertThat(tenure.isSure()).isFalse();
    assertThat(lost).hasValue(1);
    assertThat(environment.scheduled()).isZero();
  }

  @Test
  void mayJudge_afterAnOutageOrALostSession_onlyOnceOthersHadTimeToReturn() {
    Tenure steady = tenure(false);
    Tenure another = tenure(true);
    assertThat(steady.mayJudge()).isTrue();
    assertThat(another.mayJudge()).isFalse();
    environment.advance(TTL.dividedBy(3).plusSeconds(1));
    assertThat(another.mayJudge()).isTrue();

    store.down(true);
    environment.advance(TTL.dividedBy(2).plusSeconds(1));
    assertThat(steady.mayJudge()).as("its own renewal is late").isFalse();
    store.down(false);
    environment.advance(Duration.ofSeconds(2));
    assertThat(isLive(steady)).isTrue();
    assertThat(steady.mayJudge()).as("others may still be about to return").isFalse();
    environment.advance(TTL.dividedBy(3).plusSeconds(1));
    assertThat(steady.mayJudge()).isTrue();
  }
}
