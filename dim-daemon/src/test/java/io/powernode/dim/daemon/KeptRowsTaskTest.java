package io.powernode.dim.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.spi.Condition;
import io.powernode.dim.spi.NodeRows;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskInput.Column;
import io.powernode.dim.spi.TaskInput.Division;
import io.powernode.dim.spi.TaskInput.Kept;
import io.powernode.dim.spi.TaskResult;
import io.powernode.dim.spi.TensorDigest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows stay on the node from task to task, and only what their owner allows leaves. */
class KeptRowsTaskTest extends KeptRowsFixture {
  @Test
  void rowsThatStay_always_tellTheirFormAndNothingElse() {
    TaskResult.Success answer = Tasks.success(node(OPEN), keeping("patients"));

    assertThat(answer.outputs()).isEmpty();
    assertThat(answer.samples()).isEqualTo(7);
    NodeRows rows = answer.rows().orElseThrow();
    assertThat(rows.tensors()).containsExactly(TensorSpec.of("score", DataType.FP32, 7, 1));
    assertThat(rows.routed()).isEmpty();
    Tensor scores = Tensor.ofFloats(new float[] {11, 22, 33, 44, 55, 66, 77}, 7, 1);
    assertThat(answer.outputDigest()).isNotEqualTo(TensorDigest.of(Map.of("score", scores)));
    assertThat(answer.outputDigest())
        .isNotEqualTo(Tasks.success(node(OPEN), keeping("patients")).outputDigest());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 1000})
  void chainOfTasks_onRowsThatStay_answersWhatTheLastReductionMakes(int batchRows) {
    PowerNode node = node(builder(OPEN).batchRows(batchRows));
    String first = kept(node);
    String second = kept(node, task(all(first), ReductionSpec.keep()));

    TaskResult.Success answer = Tasks.success(node, total(all(second)));

    assertThat(total(answer)).isEqualTo(308);
    assertThat(answer.samples()).isEqualTo(7);
    assertThat(answer.handle()).isEmpty();
  }

  @Test
  void acknowledgedTask_always_leavesItsRowsForTheNext() {
    PowerNode node = node(OPEN);
    TaskEnvelope task = keeping("patients");
    String handle = kept(node, task);
    assertThat(kept(node, task)).as("asked again").isEqualTo(handle);
    node.acknowledge(task.id());

    assertThat(total(Tasks.success(node, total(all(handle))))).isEqualTo(308);
  }

  @Test
  void taskOnRowsThatStay_isHeldToThePolicyOfTheirCabinet() {
    PowerNode node = node(OPEN.allowRequesters("alice"));
    String handle = kept(node);

    assertDenied(
        node,
        task(all(handle), ReductionSpec.of("rows")),
        "answers for single rows are not allowed");
    ModelDescriptor stranger = models.model("stranger");
    PowerNode strict =
        node(
            CabinetPolicy.denyAll()
                .allowModels(model.artifact().digest())
                .allowRequesters("alice")
                .allowPurposes("research")
                .allowReductions("total"));
    String rows = kept(strict);
    assertDenied(
        strict,
        task(
            new TaskEnvelope.Work.Model(stranger),
            all(rows),
            Optional.of(ReductionSpec.of("total"))),
        "the model is not allowed");
    assertDenied(
        strict,
        Tasks.from(new TaskEnvelope.Requester("bob", Optional.of("research")), total(all(rows))),
        "the requester is not allowed");
    assertDenied(
        strict,
        Tasks.from(new TaskEnvelope.Requester("alice", Optional.empty()), total(all(rows))),
        "the job states no purpose");
    assertDenied(strict, task(all(rows), ReductionSpec.of("rows")), "the reduction is not allowed");
    assertThat(total(Tasks.success(strict, total(all(rows))))).isEqualTo(308);
  }

  @Test
  void rows_fewerThanTheMinimum_doNotEvenStay() {
    assertDenied(
        node(OPEN.minimumRows(8)),
        keeping("patients"),
        "fewer rows than the minimum of 8 stand behind the answer");
  }

  @Test
  void rows_ofAnotherNodeOrJobOrOfAnEndedOne_areLost() {
    PowerNode node = node(OPEN);
    String handle = kept(node);
    TaskEnvelope task = total(all(handle));
    assertThat(Tasks.error(node(OPEN), task).code())
        .as("the node started anew")
        .isEqualTo(ErrorCode.ROWS_LOST);
    node.release("job-2");
    assertThat(Tasks.run(node, task)).isInstanceOf(TaskResult.Success.class);
    node.release("job-1");
    assertThat(Tasks.error(node, total(all(handle))).code()).isEqualTo(ErrorCode.ROWS_LOST);
  }

  @Test
  void rows_ofATaskThatNobodyWaitsFor_takeNoRoom() {
    PowerNode node =
        node(builder(OPEN).batchRows(1000).concurrency(1).keptRows(500, Duration.ofHours(1)));
    for (int i = 0; i < 10; i++) {
      TaskEnvelope task = keeping("patients");
      models.behaviour =
          (inputs, cancellation) -> {
            node.cancel(task.id(), task.epoch());
            return FakeModel.sums(inputs);
          };
      assertThat(Tasks.error(node, task).code()).isEqualTo(ErrorCode.CANCELLED);
    }
    models.behaviour = (inputs, cancellation) -> FakeModel.sums(inputs);
    assertThat(kept(node)).isNotEmpty();
  }

  @Test
  void rows_ofATaskThatEndsAfterItsJob_doNotStayAndTakeNoRoom() {
    PowerNode node = node(builder(OPEN).keptRows(500, Duration.ofHours(1)));
    models.behaviour =
        (inputs, cancellation) -> {
          node.release("job-1");
          return FakeModel.sums(inputs);
        };
    for (int i = 0; i < 10; i++) {
      assertThat(Tasks.error(node, keeping("patients")).message())
          .isEqualTo("the job has ended: its rows do not stay");
    }
  }

  @Test
  void columns_ofDifferentRowsOrNone_areRefused() {
    PowerNode node = node(OPEN.allowConditions());
    String here = kept(node);
    String there = kept(node, keeping("others"));
    Division mixed =
        new Division(new Condition("threshold", "1"), Map.of("x", score(there)), Map.of(), FILL);

    assertInvalid(
        node, divided(here, mixed), "rows: the columns are of different rows of the node");
    assertInvalid(
        node,
        new Kept(Map.of("features", new Column(here, "nothing")), Optional.empty()),
        "rows: have no tensor nothing");
    assertThat(Tasks.error(node, total(new Kept(Map.of(), Optional.empty()))).code())
        .isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }

  private void assertInvalid(PowerNode node, Kept input, String message) {
    ErrorInfo error = Tasks.error(node, total(input));
    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_DATA);
    assertThat(error.message()).isEqualTo(message);
  }

  @Test
  void rows_beyondTheRoom_areRefusedAndWhatTheyTookIsFreeAgain() {
    PowerNode node = node(builder(OPEN).keptRows(500, Duration.ofHours(1)));
    ErrorInfo tooMany =
        Tasks.error(node(builder(OPEN).keptRows(50, Duration.ofHours(1))), keeping("patients"));
    assertThat(tooMany.code()).isEqualTo(ErrorCode.OVERLOADED);
    assertThat(tooMany.retryable()).isFalse();

    models.behaviour =
        (inputs, cancellation) -> {
          throw new IllegalStateException("no");
        };
    for (int i = 0; i < 10; i++) {
      assertThat(Tasks.error(node, keeping("patients")).code())
          .isEqualTo(ErrorCode.INFERENCE_FAILED);
    }
    models.behaviour = (inputs, cancellation) -> FakeModel.sums(inputs);
    assertThat(kept(node)).isNotEmpty();
  }

  @Test
  void outputs_withoutAnEntryForEachRow_cannotStay() {
    models.behaviour = (inputs, cancellation) -> Map.of("score", Tensor.scalar(1.0));

    assertThat(Tasks.error(node(OPEN), keeping("patients")).message())
        .isEqualTo("output score: does not have one entry for each row");
  }

  @Test
  void action_onRowsThatStay_isRefused() {
    PowerNode node = node(OPEN);
    TaskEnvelope task =
        task(new TaskEnvelope.Work.Action("print"), all(kept(node)), Optional.empty());

    assertThat(Tasks.error(node, task).code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }
}
