package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.JobFilter;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobStatus;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.spi.StateStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A wall clock that is wrong: the jobs that ended first go first all the same, and durations hold.
 */
class WrongClockTest extends JobEngineFixture {
  private static final int KEPT = 3;
  private static final Duration BACK = Duration.ofHours(-2);
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final ManualEnvironment environment = new ManualEnvironment();
  private final StateStore store = new BytesOnlyStore(InMemoryStateStore.create(environment));
  private final List<Orchestrator> open = new ArrayList<>();
  private final List<String> ended = new ArrayList<>();

  @AfterEach
  void close() {
    open.forEach(Orchestrator::close);
  }

  private Orchestrator orchestrator(String name) {
    Orchestrator orchestrator =
        builder(c -> done())
            .id(name)
            .environment(environment)
            .store(store)
            .retainedJobs(KEPT)
            .build();
    open.add(orchestrator);
    environment.advance(LOOK);
    return orchestrator;
  }

  /** Ends as many jobs as are kept. */
  private void endSome(Orchestrator at) {
    for (int i = 0; i < KEPT; i++) {
      ended.add(at.run(job(ended.size()), LIMIT).jobId());
      environment.advance(LOOK);
    }
  }

  private static JobSpec job(int number) {
    return JobSpec.of(new ScriptedEngine.Spec()).idempotencyKey("key-" + number).build();
  }

  private void assertTheLatestAreKept(Orchestrator at) {
    List<String> latest = ended.subList(ended.size() - KEPT, ended.size());
    assertThat(at.list(JobFilter.all()).jobs())
        .extracting(JobStatus::jobId)
        .containsExactlyInAnyOrderElementsOf(latest);
    int last = ended.size() - 1;
    assertThat(at.submit(job(last)).jobId()).isEqualTo(ended.get(last));
  }

  @Test
  void clock_setWhileAJobRuns_doesNotChangeHowLongItTook() {
    List<Duration> offs = List.of(BACK, BACK.negated());
    for (Duration off : offs) {
      environment.wallOff = Duration.ZERO;
      Orchestrator dim =
          builder(
                  c -> {
                    environment.advance(LOOK);
                    environment.wallOff = off;
                    return done();
                  })
              .environment(environment)
              .build();
      open.add(dim);
      assertThat(dim.run(JOB, LIMIT).metadata().totalExecutionTime()).isEqualTo(LOOK.toMillis());
    }
  }

  @Test
  void clock_setBack_theLatestAreKept() {
    Orchestrator dim = orchestrator("a");
    endSome(dim);
    environment.wallOff = BACK;
    endSome(dim);
    assertTheLatestAreKept(dim);
  }

  @Test
  void clock_setBackBeforeARestart_theLatestAreKept() {
    Orchestrator first = orchestrator("a");
    endSome(first);
    first.close();
    environment.wallOff = BACK;
    Orchestrator second = orchestrator("a");
    endSome(second);
    assertTheLatestAreKept(second);
  }

  @Test
  void clocks_thatDiffer_hurtNobody() {
    environment.wallOff = BACK;
    Orchestrator behind = orchestrator("a");
    environment.wallOff = Duration.ZERO;
    Orchestrator right = orchestrator("b");
    endSome(right);
    endSome(behind);
    assertTheLatestAreKept(behind);
    endSome(right);
    assertTheLatestAreKept(right);
  }

  @Test
  void clock_thatWasAhead_isNotAheadForever() {
    environment.wallOff = BACK.negated();
    Orchestrator ahead = orchestrator("a");
    endSome(ahead);
    environment.wallOff = Duration.ZERO;
    Orchestrator right = orchestrator("b");
    endSome(right);
    assertTheLatestAreKept(right);
    endSome(ahead);
    assertTheLatestAreKept(ahead);
  }
}
