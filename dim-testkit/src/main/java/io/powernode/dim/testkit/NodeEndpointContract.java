package io.powernode.dim.testkit;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Ids;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.spi.Effect;
import io.powernode.dim.spi.NodeEndpoint;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskEnvelope.Requester;
import io.powernode.dim.spi.TaskEnvelope.Work;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import io.powernode.dim.spi.TaskResult.Failure;
import io.powernode.dim.spi.TaskResult.Success;
import io.powernode.dim.spi.TensorDigest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link NodeEndpoint} must do. Extend it, say how to create a node, and name work that
 * it does.
 */
public abstract class NodeEndpointContract {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private NodeEndpoint node;

  /** For subclasses. */
  protected NodeEndpointContract() {}

  /** A new node that can do {@link #work}; closed after the test if it is {@link AutoCloseable}. */
  protected abstract NodeEndpoint create() throws Exception;

  /** Work that the node does well, on {@link #input}. */
  protected abstract Work work();

  /** What the work works on. */
  protected abstract TaskInput input();

  /** What may leave the node, if the input is a cabinet. */
  protected Optional<ReductionSpec> reduction() {
    return Optional.empty();
  }

  /** How often the node of this test has done the work. */
  protected abstract int timesDone();

  /** Work on the same input that goes on until it is cancelled; the tests with it skip if none. */
  protected Optional<Work> endlessWork() {
    return Optional.empty();
  }

  /** An action that the node performs on no input; the tests with it skip if none. */
  protected Optional<Work.Action> action() {
    return Optional.empty();
  }

  @BeforeEach
  void createNode() throws Exception {
    node = create();
  }

  @AfterEach
  void closeNode() throws Exception {
    if (node instanceof AutoCloseable closeable) {
      closeable.close();
    }
  }

  @Test
  void profile_always_hasAnIdAndStaysTheSame() {
    assertThat(Ids.isValid(node.profile().nodeId())).isTrue();
    assertThat(node.profile()).isEqualTo(node.profile());
    assertThat(node.load().slots()).isPositive();
  }

  @Test
  void execute_ofItsWork_answersWithTheDigest() {
    Success success = success(run(task("job", "step", 1, 1)));
    assertThat(success.nodeId()).isEqualTo(node.profile().nodeId());
    assertThat(success.outputs()).isNotEmpty();
    assertThat(success.outputDigest()).isEqualTo(TensorDigest.of(success.outputs()));
    assertThat(success.attempts()).isEqualTo(1);
    assertThat(success.durationMs()).isNotNegative();
    assertThat(success.samples()).isNotNegative();
  }

  @Test
  void execute_ofTheSameIdentity_answersWhatWasKept() {
    TaskResult first = run(task("job", "step", 1, 1));
    assertThat(run(task("job", "step", 1, 1))).isEqualTo(first);
    assertThat(run(task("job", "step", 1, 2))).as("for a new owner").isEqualTo(first);
    assertThat(timesDone()).isEqualTo(1);
  }

  @Test
  void execute_ofAnotherIdentity_doesTheWork() {
    run(task("job", "step", 1, 1));
    success(run(task("job", "step", 2, 1)));
    success(run(task("job", "other", 1, 1)));
    success(run(task("job-2", "step", 1, 1)));
    assertThat(timesDone()).isEqualTo(4);
  }

  @Test
  void execute_afterAcknowledge_doesTheWorkAgain() {
    TaskEnvelope task = task("job", "step", 1, 1);
    run(task);
    node.acknowledge(task.id());
    node.acknowledge(task.id());
    success(run(task));
    assertThat(timesDone()).isEqualTo(2);
  }

  @Test
  void execute_underALowerEpochThanSeen_isFenced() {
    success(run(task("job", "a", 1, 5)));
    assertThat(failure(run(task("job", "b", 1, 4)))).isEqualTo(ErrorCode.FENCED);
    success(run(task("job", "c", 1, 6)));
    assertThat(failure(run(task("job", "a", 1, 5)))).isEqualTo(ErrorCode.FENCED);
    success(run(task("another", "b", 1, 1)));
  }

  @Test
  void execute_ofAnUnknownAction_failsForGood() {
    TaskEnvelope task = task("job", "step", 1, 1);
    TaskEnvelope unknown =
        new TaskEnvelope(
            task.id(),
            1,
            task.requester(),
            new Work.Action("no-such-action"),
            new TaskInput.Tensors(Map.of()),
            Optional.empty(),
            Effect.EFFECTFUL);
    TaskResult result = run(unknown);
    assertThat(result).isInstanceOf(Failure.class);
    assertThat(((Failure) result).error().retryable()).isFalse();
  }

  @Test
  void execute_onAnUnknownCabinet_isRefused() {
    TaskEnvelope task = task("job", "step", 1, 1);
    assumeThat(task.work()).isInstanceOf(Work.Model.class);
    assumeThat(task.input()).isInstanceOf(TaskInput.Cabinet.class);
    TaskEnvelope unknown =
        new TaskEnvelope(
            task.id(),
            1,
            task.requester(),
            task.work(),
            TaskInput.Cabinet.named("no-such-cabinet"),
            task.reduction(),
            Effect.PURE);
    assertThat(failure(run(unknown))).isIn(ErrorCode.DATA_UNAVAILABLE, ErrorCode.POLICY_DENIED);
  }

  @Test
  void execute_ofManyAtOnce_answersEach() {
    List<CompletableFuture<TaskResult>> running =
        IntStream.range(0, 16)
            .mapToObj(i -> node.execute(task("job-" + i, "step", 1, 1), DEADLINE))
            .map(stage -> stage.toCompletableFuture())
            .toList();
    List<TaskResult> results = new ArrayList<>();
    running.forEach(one -> results.add(one.orTimeout(60, SECONDS).join()));
    assertThat(results).hasOnlyElementsOfType(Success.class);
    assertThat(timesDone()).isEqualTo(16);
  }

  @Test
  void cancel_ofRunningWork_endsIt() {
    assumeThat(endlessWork()).as("endless work").isPresent();
    TaskEnvelope task = task("job", "endless", 1, 1, endlessWork().orElseThrow());
    CompletableFuture<TaskResult> running = node.execute(task, DEADLINE).toCompletableFuture();
    assertThat(running).isNotDone();
    node.cancel(task.id(), 1);
    assertThat(failure(running.orTimeout(30, SECONDS).join())).isEqualTo(ErrorCode.CANCELLED);
    success(run(task("job", "next", 1, 1)));
  }

  @Test
  void cancel_underALowerEpochThanSeen_changesNothing() {
    assumeThat(endlessWork()).as("endless work").isPresent();
    TaskEnvelope task = task("job", "endless", 1, 2, endlessWork().orElseThrow());
    CompletableFuture<TaskResult> running = node.execute(task, DEADLINE).toCompletableFuture();
    node.cancel(task.id(), 1);
    assertThat(running).isNotDone();
    node.cancel(task.id(), 2);
    assertThat(failure(running.orTimeout(30, SECONDS).join())).isEqualTo(ErrorCode.CANCELLED);
  }

  @Test
  void cancel_underAHigherEpochThanSeen_fencesTheEarlierOwner() {
    success(run(task("job", "a", 1, 1)));
    node.cancel(task("job", "b", 1, 2).id(), 2);
    assertThat(failure(run(task("job", "b", 1, 1)))).isEqualTo(ErrorCode.FENCED);
    success(run(task("job", "b", 1, 2)));
  }

  @Test
  void execute_ofAnActionAfterItsUndoing_isRefused() {
    assumeThat(action()).as("an action").isPresent();
    success(run(action("step/undo", Optional.of("step"))));
    assertThat(failure(run(action("step", Optional.empty())))).isEqualTo(ErrorCode.CANCELLED);
    success(run(action("other", Optional.empty())));
  }

  @Test
  void cancel_ofWhatIsNotRunning_changesNothing() {
    TaskEnvelope task = task("job", "step", 1, 1);
    node.cancel(task.id(), 1);
    TaskResult first = run(task("job", "other", 1, 1));
    node.cancel(task("job", "other", 1, 1).id(), 1);
    assertThat(run(task("job", "other", 1, 1))).isEqualTo(first);
  }

  private TaskResult run(TaskEnvelope task) {
    return node.execute(task, DEADLINE).toCompletableFuture().orTimeout(60, SECONDS).join();
  }

  private TaskEnvelope action(String step, Optional<String> undoes) {
    TaskEnvelope task = task("job", step, 1, 1);
    return new TaskEnvelope(
        task.id(),
        1,
        task.requester(),
        new Work.Action(action().orElseThrow().name(), undoes),
        new TaskInput.Tensors(Map.of()),
        Optional.empty(),
        Effect.EFFECTFUL);
  }

  private TaskEnvelope task(String job, String step, int attempt, long epoch) {
    return task(job, step, attempt, epoch, work());
  }

  private TaskEnvelope task(String job, String step, int attempt, long epoch, Work work) {
    Digest digest = Digest.of("input".getBytes(StandardCharsets.UTF_8));
    return new TaskEnvelope(
        new TaskId(job, step, attempt, digest),
        epoch,
        new Requester("contract", Optional.of("test")),
        work,
        input(),
        reduction(),
        work instanceof Work.Action ? Effect.EFFECTFUL : Effect.PURE);
  }

  private static Success success(TaskResult result) {
    assertThat(result).isInstanceOf(Success.class);
    return (Success) result;
  }

  private static ErrorCode failure(TaskResult result) {
    assertThat(result).isInstanceOf(Failure.class);
    return ((Failure) result).error().code();
  }
}
