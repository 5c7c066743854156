package io.powernode.dim.testkit;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.NodeLoad;
import io.powernode.dim.api.NodeProfile;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.core.InMemoryBlobStore;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.NodeEndpoint;
import io.powernode.dim.spi.NodeListener;
import io.powernode.dim.spi.NodeTransport;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskResult;
import io.powernode.dim.spi.TaskResult.Failure;
import io.powernode.dim.spi.TaskResult.Success;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link NodeTransport} must do. Extend it, and say how to create a transport that
 * reaches given nodes.
 */
public abstract class NodeTransportContract {
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final long WAIT_SECONDS = 30;

  private final Environment environment = Environment.system();
  private final FakeNode first = new FakeNode(SampleTasks.profile("n1"), environment);
  private final FakeNode second = new FakeNode(SampleTasks.profile("n2"), environment);
  private final NodeEndpoint throwing = new FaultyNode("n3", FaultyNode::throwing);
  private final NodeEndpoint broken = new FaultyNode("n4", CompletableFuture::failedFuture);
  private final BlockingQueue<NodeProfile> joined = new LinkedBlockingQueue<>();
  private final InMemoryBlobStore models = new InMemoryBlobStore();
  private NodeTransport transport;
  private Subscription subscription;

  /** For subclasses. */
  protected NodeTransportContract() {}

  /** A new transport that reaches these nodes, or will within seconds. */
  protected abstract NodeTransport create(List<NodeEndpoint> nodes) throws Exception;

  @BeforeEach
  void connect() throws Exception {
    transport = create(List.of(first, second, throwing, broken));
    subscription = transport.connect(new Joined(), models);
    for (int i = 0; i < 4; i++) {
      assertThat(joined.poll(WAIT_SECONDS, SECONDS)).as("a node that joins").isNotNull();
    }
  }

  @AfterEach
  void close() {
    subscription.close();
    transport.close();
    environment.close();
  }

  @Test
  void connect_always_tellsOfTheNodesThatAreThere() throws Exception {
    subscription.close();
    subscription = transport.connect(new Joined(), models);
    List<NodeProfile> heard = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      heard.add(joined.poll(WAIT_SECONDS, SECONDS));
    }
    assertThat(heard)
        .containsExactlyInAnyOrder(
            first.profile(), second.profile(), throwing.profile(), broken.profile());
  }

  @Test
  void nodes_onceJoined_canFetchModels() throws Exception {
    byte[] file = FakeModels.file("m");
    Digest digest = models.put(new ByteArrayInputStream(file));
    for (FakeNode node : List.of(first, second)) {
      try (InputStream stream = node.models().orElseThrow().open(digest)) {
        assertThat(stream.readAllBytes()).isEqualTo(file);
      }
    }
  }

  @Test
  void call_always_reachesOnlyItsNodeWithTheWholeTask() {
    first.on("m", Reply.answer(SampleTasks.allTypes()).samples(7));
    for (TaskEnvelope task :
        List.of(
            SampleTasks.cabinetTask(),
            SampleTasks.tensorTask("t"),
            SampleTasks.actionTask(),
            SampleTasks.testTask())) {
      int before = first.log().calls().size();
      call("n1", task);
      assertThat(first.log().calls()).hasSize(before + 1);
      FakeNodeLog.Call call = first.log().calls().get(before);
      assertThat(call.task()).isEqualTo(task);
      assertThat(call.deadline()).isPositive().isLessThanOrEqualTo(DEADLINE);
    }
    assertThat(second.log().calls()).isEmpty();
  }

  @Test
  void call_ofAGoodTask_bringsTheWholeAnswer() {
    first.on("m", Reply.answer(SampleTasks.allTypes()).samples(7).after(Duration.ofMillis(5)));
    TaskResult expected = TaskResult.success("n1", SampleTasks.allTypes(), 7, 5);
    assertThat(call("n1", SampleTasks.tensorTask("t"))).isEqualTo(expected);
    assertThat(first.kept()).containsExactly(SampleTasks.tensorTask("t").id());
  }

  @Test
  void call_ofATaskThatFails_bringsTheWholeError() {
    first.on("m", Reply.fail(ErrorCode.POLICY_DENIED)).on("t", Reply.fail(ErrorCode.OVERLOADED));
    Failure denied = failure(call("n1", SampleTasks.cabinetTask()));
    assertThat(denied.error().code()).isEqualTo(ErrorCode.POLICY_DENIED);
    assertThat(denied.error().retryable()).isFalse();
    assertThat(denied.error().message()).isEqualTo("a scripted failure");
    assertThat(denied.error().subject()).containsEntry("node", "n1");
    assertThat(failure(call("n1", SampleTasks.tensorTask("t"))).error().retryable()).isTrue();
  }

  @Test
  void call_ofManyAtOnce_bringsEachAnswerToItsCaller() {
    for (FakeNode node : List.of(first, second)) {
      node.on("m", Reply.answer(task -> Map.of("s", Tensor.ofStrings(List.of(task.id().step())))));
    }
    Map<String, CompletableFuture<TaskResult>> running = new LinkedHashMap<>();
    for (int i = 0; i < 200; i++) {
      String step = "step-" + i;
      running.put(step, start(i % 2 == 0 ? "n1" : "n2", SampleTasks.tensorTask(step)));
    }
    running.forEach(
        (step, one) -> {
          Success success = (Success) one.orTimeout(WAIT_SECONDS, SECONDS).join();
          assertThat(TensorAssertions.get(success.outputs(), "s").strings()).containsExactly(step);
        });
  }

  @Test
  void call_ofANodeThatIsNotThere_isLost() {
    Failure failure = failure(call("nobody", SampleTasks.tensorTask("t")));
    assertThat(failure.error().code()).isEqualTo(ErrorCode.NODE_LOST);
    assertThat(failure.error().retryable()).isTrue();
    transport.cancel("nobody", SampleTasks.tensorTask("t").id(), 1);
    transport.acknowledge("nobody", SampleTasks.tensorTask("t").id());
  }

  @Test
  void call_ofANodeThatBreaksItsContract_isAFailure() {
    assertThat(failure(call("n3", SampleTasks.tensorTask("t"))).nodeId()).isEqualTo("n3");
    assertThat(failure(call("n4", SampleTasks.tensorTask("t"))).nodeId()).isEqualTo("n4");
  }

  @Test
  void cancel_ofARunningTask_reachesTheNode() {
    first.on("m", Reply.hang());
    TaskEnvelope task = SampleTasks.tensorTask("t");
    CompletableFuture<TaskResult> running = start("n1", task);
    transport.cancel("n1", task.id(), task.epoch());
    TaskResult result = running.orTimeout(WAIT_SECONDS, SECONDS).join();
    assertThat(failure(result).error().code()).isEqualTo(ErrorCode.CANCELLED);
    assertThat(first.log().cancelled()).containsExactly(task.id());
  }

  @Test
  void cancel_underAnOlderEpoch_leavesTheTaskRunning() {
    first.on("t", Reply.hang()).on("next", Reply.answer(Map.of()));
    TaskEnvelope task = SampleTasks.tensorTask("t");
    CompletableFuture<TaskResult> running = start("n1", task);
    transport.cancel("n1", task.id(), task.epoch() - 1);
    call("n1", SampleTasks.tensorTask("next"));
    assertThat(first.log().cancelled()).containsExactly(task.id());
    assertThat(running).isNotDone();
  }

  @Test
  void acknowledge_ofAnAnswer_reachesTheNodeBeforeTheNextTask() {
    first.on("m", Reply.answer(Map.of()));
    TaskEnvelope task = SampleTasks.tensorTask("t");
    call("n1", task);
    transport.acknowledge("n1", task.id());
    call("n1", SampleTasks.tensorTask("next"));
    assertThat(first.log().acknowledged()).containsExactly(task.id());
    assertThat(first.kept()).containsExactly(SampleTasks.tensorTask("next").id());
  }

  @Test
  void call_whoseRowsStay_bringsTheirHandleAndFormAndReleaseReachesTheNode() {
    first.on("m", Reply.answer(SampleTasks.allTypes()));
    for (TaskEnvelope task : List.of(SampleTasks.keepingTask(), SampleTasks.keptTask())) {
      TaskResult.Success kept = (TaskResult.Success) call("n1", task);
      assertThat(kept.outputs()).isEmpty();
      assertThat(kept.handle()).contains(task.id().step() + "#3");
      assertThat(kept.rows().orElseThrow().tensors())
          .extracting(TensorSpec::name)
          .containsExactlyInAnyOrderElementsOf(SampleTasks.allTypes().keySet());
      assertThat(first.log().calls()).last().extracting(FakeNodeLog.Call::task).isEqualTo(task);
    }
    transport.release("n1", "job");
    transport.release("nobody", "job");
    call("n1", SampleTasks.tensorTask("next"));
    assertThat(first.log().released()).containsExactly("job");
    assertThat(second.log().released()).isEmpty();
  }

  @Test
  void call_afterClose_isAFailure() {
    transport.close();
    transport.close();
    failure(call("n1", SampleTasks.tensorTask("t")));
    assertThat(first.log().calls()).isEmpty();
  }

  private TaskResult call(String node, TaskEnvelope task) {
    return start(node, task).orTimeout(WAIT_SECONDS, SECONDS).join();
  }

  private CompletableFuture<TaskResult> start(String node, TaskEnvelope task) {
    return transport.call(node, task, DEADLINE).toCompletableFuture();
  }

  private static Failure failure(TaskResult result) {
    assertThat(result).isInstanceOf(Failure.class);
    return (Failure) result;
  }

  private final class Joined implements NodeListener {
    @Override
    public void joined(NodeProfile profile, NodeLoad load) {
      joined.add(profile);
    }

    @Override
    public void heartbeat(String nodeId, NodeLoad load) {}

    @Override
    public void lost(String nodeId) {}
  }
}
