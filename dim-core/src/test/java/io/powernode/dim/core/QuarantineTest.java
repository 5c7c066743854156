package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Evidence;
import io.powernode.dim.api.JobFilter;
import io.powernode.dim.api.JobOutput;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.JobStatus;
import io.powernode.dim.api.NodeProgress;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be seen of a job that was found running too often. */
class QuarantineTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Environment environment = Environment.system();
  private final FaultyStore store = new FaultyStore(environment);
  private final EchoNode deadly = new EchoNode("n2", call -> new CompletableFuture<>());

  @AfterEach
  void endThreads() {
    environment.close();
  }

  private Orchestrator orchestrator(int number, boolean keepsJournals) {
    return Dim.orchestrator()
        .environment(environment)
        .store(store)
        .node(new EchoNode("n1"))
        .node(deadly)
        .plugin(new ScriptedEngine(QuarantineTest::twoSteps))
        .retainJournals(keepsJournals)
        .id("o" + number)
        .build();
  }

  private static PatternResult twoSteps(PatternContext c) {
    c.run(Task.action("a", "book").onNode("n1"));
    c.run(Task.action("b", "book").onNode("n2"));
    return PatternResult.completed(JobOutput.ofTensors(Map.of()), Evidence.of("x"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void job_inQuarantine_canBeFoundAndLookedInto(boolean keepsJournals) {
    List<Orchestrator> owners = new ArrayList<>();
    owners.add(orchestrator(0, keepsJournals));
    String id = owners.get(0).submit(JobSpec.of(new ScriptedEngine.Spec()).build()).jobId();
    for (int death = 1; death <= 3; death++) {
      int sent = death;
      Awaitility.await().until(() -> deadly.calls.size() == sent);
      store.expireSessions();
      owners.add(orchestrator(death, keepsJournals));
    }
    Orchestrator last = owners.get(3);
    assertThatThrownBy(() -> last.await(id, LIMIT)).isInstanceOf(DimException.class);

    JobStatus found =
        last.list(JobFilter.all().state(JobState.FAILED)).jobs().stream().findAny().orElseThrow();
    assertThat(found.jobId()).isEqualTo(id);
    assertThat(found.error())
        .hasValueSatisfying(why -> assertThat(why.code()).isEqualTo(ErrorCode.QUARANTINED));
    assertThat(found.costActual()).isPositive();
    assertThat(found.nodes()).extracting(NodeProgress::nodeId).containsExactly("n1");
    StateStore.Page journal = store.scan(Keys.JOURNAL, "", Optional.empty(), 10);
    assertThat(journal.entries())
        .extracting(StateStore.Entry::key)
        .hasSize(keepsJournals ? 3 : 0)
        .allMatch(key -> key.contains(id));
    owners.forEach(Orchestrator::close);
  }
}
