package io.powernode.dim.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.RoutedRows;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.spi.Condition;
import io.powernode.dim.spi.Effect;
import io.powernode.dim.spi.NodeRows;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskInput.Column;
import io.powernode.dim.spi.TaskInput.Division;
import io.powernode.dim.spi.TaskInput.Kept;
import io.powernode.dim.spi.TaskResult;
import io.powernode.dim.spi.TensorDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rows stay on the node from task to task, and only what their owner allows leaves. The first model
 * answers 11 to 77 for the seven rows, each one after it the same for the same.
 */
class KeptRowsTaskTest {
  private static final CabinetPolicy OPEN =
      CabinetPolicy.denyAll()
          .allowAnyModel()
          .allowAnyRequester()
          .allowAnyPurpose()
          .allowReductions("total", "rows");
  private static final Map<String, Tensor> FILL =
      Map.of("score", Tensor.ofFloats(new float[] {1000}, 1, 1));

  private final FakeModel models = new FakeModel();
  private final List<PowerNode> built = new ArrayList<>();
  private ModelDescriptor model;
  private int tasks;

  @BeforeEach
  void describe() {
    models.signature =
        new Signature(
            List.of(TensorSpec.of("features", DataType.FP32, -1, -1)),
            List.of(TensorSpec.of("score", DataType.FP32, -1, 1)));
    model = models.model("m");
  }

  @AfterEach
  void close() {
    built.forEach(PowerNode::close);
  }

  private PowerNode node(CabinetPolicy policy) {
    return node(builder(policy));
  }

  private PowerNode node(PowerNodeBuilder builder) {
    PowerNode node = builder.build();
    node.attach(models);
    built.add(node);
    return node;
  }

  private PowerNodeBuilder builder(CabinetPolicy policy) {
    return PowerNode.builder("n")
        .loader(models)
        .reduction(FakeReduction.total())
        .reduction(FakeReduction.rows())
        .conditionLanguage(new Threshold())
        .batchRows(2)
        .cabinet(patients("patients", 0), policy)
        .cabinet(patients("others", 1), OPEN);
  }

  private static InMemoryCabinet patients(String name, int from) {
    double[] ages = new double[7];
    long[] visits = new long[7];
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      ages[i] = i + 1;
      visits[i] = 10 * (i + 1);
      ids.add("p" + (i + from));
    }
    return InMemoryCabinet.builder(name, "medical")
        .column("age", Tensor.ofDoubles(ages))
        .column("visits", Tensor.ofLongs(visits))
        .rowIds("id", ids)
        .build();
  }

  private TaskEnvelope task(TaskInput input, ReductionSpec reduction) {
    return task(new TaskEnvelope.Work.Model(model), input, Optional.of(reduction));
  }

  private TaskEnvelope task(
      TaskEnvelope.Work work, TaskInput input, Optional<ReductionSpec> reduction) {
    TaskEnvelope any = Tasks.onCabinet("job-1", model, "patients", "total");
    return new TaskEnvelope(
        new TaskId("job-1", "s" + ++tasks, 1, any.id().inputDigest()),
        1,
        Tasks.ALICE,
        work,
        input,
        reduction,
        Effect.PURE);
  }

  private TaskEnvelope keeping(String cabinet) {
    return task(TaskInput.Cabinet.named(cabinet), ReductionSpec.keep());
  }

  private String kept(PowerNode node) {
    return kept(node, keeping("patients"));
  }

  private static String kept(PowerNode node, TaskEnvelope task) {
    return Tasks.success(node, task).handle().orElseThrow();
  }

  private static Column score(String handle) {
    return new Column(handle, "score");
  }

  private static Kept all(String handle) {
    return new Kept(Map.of("features", score(handle)), Optional.empty());
  }

  private static Kept divided(String handle, Division division) {
    return new Kept(Map.of("features", score(handle)), Optional.of(division));
  }

  private static Kept above(int threshold, String handle) {
    return new Kept(
        Map.of("features", score(handle)),
        Optional.of(
            new Division(
                new Condition("threshold", String.valueOf(threshold)),
                Map.of("x", score(handle)),
                Map.of(),
                FILL)));
  }

  private static double total(TaskResult.Success answer) {
    return answer.outputs().get("total").toDoubles()[0];
  }

  private TaskEnvelope total(TaskInput input) {
    return task(input, ReductionSpec.of("total"));
  }

  private static void assertDenied(PowerNode node, TaskEnvelope task, String rule) {
    ErrorInfo error = Tasks.error(node, task);
    assertThat(error.code()).isEqualTo(ErrorCode.POLICY_DENIED);
    assertThat(error.message()).isEqualTo("the policy of the data's owner: " + rule);
  }

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

  @ParameterizedTest
  @CsvSource({
    // threshold, total of all, through
    "30, 2275, 5",
    "50, 4198, 3",
    "0, 308, 7",
    "80, 7000, 0"
  })
  void dividedRows_goThroughTheModelOrPassItBy(int threshold, double total, int through) {
    PowerNode node = node(OPEN.allowConditions().minimumRows(2));
    String first = kept(node);

    TaskResult.Success answer = Tasks.success(node, total(above(threshold, first)));

    assertThat(total(answer)).isEqualTo(total);
    assertThat(answer.rows().flatMap(NodeRows::routed)).contains(new RoutedRows(through, 7));
    String second = kept(node, task(above(threshold, first), ReductionSpec.keep()));
    assertThat(total(Tasks.success(node, total(all(second))))).isEqualTo(total);
  }

  @Test
  void dividedRows_thatPassBy_mayHaveWhatWasKept() {
    PowerNode node = node(OPEN.allowConditions().minimumRows(1));
    String first = kept(node);
    String filled = kept(node, task(above(30, first), ReductionSpec.keep()));
    Division passing =
        new Division(
            new Condition("threshold", "60"),
            Map.of("x", score(first)),
            Map.of("score", score(filled)),
            Map.of());

    assertThat(
            total(
                Tasks.success(
                    node, total(new Kept(Map.of("features", score(first)), Optional.of(passing))))))
        .isEqualTo(2275);
  }

  @Test
  void fewRowsOnOneSide_mayStayButNothingOfThemLeaves() {
    PowerNode node = node(OPEN.allowConditions().minimumRows(3));
    String first = kept(node);

    for (int threshold : List.of(60, 20)) {
      TaskResult.Success divided =
          Tasks.success(node, task(above(threshold, first), ReductionSpec.keep()));
      assertThat(divided.rows().flatMap(NodeRows::routed)).as("how many").isEmpty();
      assertDenied(
          node,
          total(all(divided.handle().orElseThrow())),
          "fewer rows than the minimum of 3 stand behind the answer");
      assertDenied(
          node,
          total(above(threshold, first)),
          "fewer rows than the minimum of 3 stand behind the answer");
    }
  }

  @Test
  void rowsDividedTwice_areJudgedByTheSmallestGroupOfBoth() {
    PowerNode node = node(OPEN.allowConditions().minimumRows(3));
    String first = kept(node);
    String above30 = kept(node, task(above(30, first), ReductionSpec.keep()));
    assertThat(Tasks.run(node, total(above(50, first))))
        .as("2 and 5 rows, 3 and 4 rows")
        .isInstanceOf(TaskResult.Success.class);
    Division both =
        new Division(new Condition("threshold", "50"), Map.of("x", score(first)), Map.of(), FILL);

    assertDenied(
        node,
        total(new Kept(Map.of("features", score(above30)), Optional.of(both))),
        "fewer rows than the minimum of 3 stand behind the answer");
  }

  @Test
  void conditions_withoutTheirPermission_areDenied() {
    PowerNode node = node(OPEN);
    String handle = kept(node);

    assertDenied(node, total(above(50, handle)), "conditions on rows are not allowed");
    assertDenied(node, test("50", handle), "conditions on rows are not allowed");
  }

  private TaskEnvelope test(String threshold, String handle) {
    return task(
        new TaskEnvelope.Work.Test(new Condition("threshold", threshold)),
        new Kept(Map.of("x", score(handle)), Optional.empty()),
        Optional.empty());
  }

  @Test
  void condition_onRowsThatStay_tellsWhetherItHolds() {
    PowerNode node = node(OPEN.allowConditions());
    String handle = kept(node);

    for (int threshold : List.of(70, 77)) {
      TaskResult.Success answer = Tasks.success(node, test(String.valueOf(threshold), handle));
      assertThat(answer.outputs())
          .containsExactly(
              Map.entry(Task.HOLDS, Tensor.ofBooleans(new boolean[] {threshold < 77})));
      assertThat(answer.samples()).isEqualTo(7);
    }
  }

  @Test
  void condition_onFewRows_isDenied() {
    PowerNode node = node(OPEN.allowConditions().minimumRows(4));
    String handle = kept(node, task(above(50, kept(node)), ReductionSpec.keep()));

    assertDenied(
        node, test("70", handle), "fewer rows than the minimum of 4 stand behind the answer");
  }

  @Test
  void condition_inALanguageThatTheNodeDoesNotKnow_isRefused() {
    PowerNode node = node(OPEN.allowConditions());
    String handle = kept(node);
    Condition klingon = new Condition("klingon", "50");
    Division division = new Division(klingon, Map.of("x", score(handle)), Map.of(), FILL);

    for (TaskEnvelope task :
        List.of(
            total(divided(handle, division)),
            task(
                new TaskEnvelope.Work.Test(klingon),
                new Kept(Map.of("x", score(handle)), Optional.empty()),
                Optional.empty()))) {
      ErrorInfo error = Tasks.error(node, task);
      assertThat(error.code()).isEqualTo(ErrorCode.UNSUPPORTED_OPTION);
      assertThat(error.message())
          .isEqualTo("condition: the node does not know its language; allowed: [threshold]");
    }
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
  void passingValues_ofAnotherForm_failNamingTypesOnly() {
    PowerNode node = node(OPEN.allowConditions());
    String handle = kept(node);
    Division texts =
        new Division(
            new Condition("threshold", "50"),
            Map.of("x", score(handle)),
            Map.of(),
            Map.of("score", Tensor.ofStrings(List.of("no"), 1, 1)));

    assertThat(Tasks.error(node, total(divided(handle, texts))).message())
        .isEqualTo("output score: is FP32[-1, 1], and BYTES[1, 1] for rows that pass the step by");
    Division nothing =
        new Division(
            new Condition("threshold", "50"), Map.of("x", score(handle)), Map.of(), Map.of());
    assertThat(Tasks.error(node, total(divided(handle, nothing))).message())
        .isEqualTo("output score: rows that pass the step by have nothing there");
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
