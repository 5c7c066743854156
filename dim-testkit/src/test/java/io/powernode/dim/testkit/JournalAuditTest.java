package io.powernode.dim.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.JobState;
import io.powernode.dim.core.InMemoryStateStore;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Write;
import io.powernode.dim.spi.NodeEndpoint;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.StoredValue;
import io.powernode.dim.spi.TaskEnvelope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JournalAuditTest {
  private final SimulatedEnvironment environment = new SimulatedEnvironment(1);
  private final JournalAudit audit = new JournalAudit();
  private final StateStore store = audit.watch(InMemoryStateStore.create(environment));
  private final NodeEndpoint node =
      audit.watch((NodeEndpoint) new FakeNode(SampleTasks.profile("n1"), environment));

  @AfterEach
  void close() {
    environment.close();
  }

  @Test
  void step_sentBeforeItsAnswerIsDurable_isFine() {
    send(SampleTasks.tensorTask("t"));
    send(SampleTasks.tensorTask("t"));
    write("fact:t");
    assertThat(audit.violations()).isEmpty();
    assertThat(audit.stepsRecorded()).isEqualTo(1);
  }

  @Test
  void step_sentAfterItsAnswerIsDurable_isAViolation() {
    write("fact:t");
    send(SampleTasks.tensorTask("t"));
    send(SampleTasks.tensorTask("other"));
    assertThat(audit.violations())
        .singleElement()
        .asString()
        .contains("step t of job job was sent again");
  }

  @Test
  void effect_sentWithoutADurableIntent_isAViolation() {
    TaskEnvelope action = SampleTasks.actionTask();
    send(action);
    assertThat(audit.violations()).singleElement().asString().contains("without a durable intent");
    write("intent:" + action.id().step());
    send(action);
    assertThat(audit.violations()).hasSize(1);
  }

  @Test
  void job_writtenAfterItsEnd_isAViolation() {
    for (String state : List.of("running/1", "completed/1")) {
      writeJob("job-1", state);
    }
    writeJob("job-2", "failed/1");
    assertThat(audit.violations()).isEmpty();
    assertThat(audit.ended())
        .isEqualTo(Map.of("job-1", JobState.COMPLETED, "job-2", JobState.FAILED));
    writeJob("job-1", "running/1");
    writeJob("job-2", "failed/1");
    assertThat(audit.violations())
        .containsExactly(
            "job job-1 was COMPLETED and was written as RUNNING",
            "job job-2 was FAILED and was written as FAILED");
  }

  private void writeJob(String id, String state) {
    Write put =
        new Write.Put("job/" + id, StoredValue.of(new byte[0]), Map.of("jobs.state", state));
    store.commit(new Commit("s", environment.newId("tx"), List.of(), List.of(put)));
  }

  private void send(TaskEnvelope task) {
    node.execute(task, Duration.ofSeconds(1));
  }

  private void write(String entry) {
    Write put = Write.Put.of("journal/job/" + entry, StoredValue.of(new byte[0]));
    store.commit(new Commit("s", environment.newId("tx"), List.of(), List.of(put)));
  }
}
