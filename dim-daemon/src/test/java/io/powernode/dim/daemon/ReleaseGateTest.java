package io.powernode.dim.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Digest;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.api.TimeRange;
import io.powernode.dim.spi.Batch;
import io.powernode.dim.spi.Effect;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What leaves a node, tried through the node itself. */
class ReleaseGateTest {
  private static final int ROWS = 7;
  private static final double SECRET = 63.717;
  private static final String SECRET_ID = "patient-4711";
  private static final String SECRET_PATH = "/srv/hospital/rows.csv";

  private static final CabinetPolicy OPEN =
      CabinetPolicy.denyAll()
          .allowAnyModel()
          .allowAnyRequester()
          .allowAnyPurpose()
          .allowReductions("total", "rows");

  private final FakeModel models = new FakeModel();
  private final ModelDescriptor model = models.model("m");

  private static InMemoryCabinet patients() {
    return InMemoryCabinet.builder("patients", "medical")
        .column(
            "age", Tensor.ofDoubles(IntStream.range(0, ROWS).mapToDouble(i -> SECRET).toArray()))
        .column("visits", Tensor.ofLongs(new long[ROWS]))
        .time(
            "day",
            Stream.iterate(LocalDate.parse("2024-01-01"), d -> d.plusDays(1)).limit(ROWS).toList())
        .rowIds("id", IntStream.range(0, ROWS).mapToObj(i -> SECRET_ID + i).toList())
        .build();
  }

  private TaskResult answer(CabinetPolicy policy, Reduction reduction, String timeRange) {
    try (PowerNode node =
        PowerNode.builder("n")
            .loader(models)
            .reduction(reduction)
            .batchRows(2)
            .cabinet(patients(), policy)
            .build()) {
      node.attach(models);
      return Tasks.run(
          node,
          new TaskEnvelope(
              Tasks.id("job"),
              1,
              Tasks.ALICE,
              new TaskEnvelope.Work.Model(model),
              new TaskInput.Cabinet(
                  Optional.of("patients"),
                  Optional.empty(),
                  Optional.of(TimeRange.parse(timeRange))),
              Optional.of(ReductionSpec.of(reduction.name())),
              Effect.PURE));
    }
  }

  private TaskResult answer(CabinetPolicy policy, Reduction reduction) {
    return answer(policy, reduction, "2024-01-01/2024-12-31");
  }

  private static void assertDenied(TaskResult result, String rule) {
    ErrorInfo error = Tasks.error(result);
    assertThat(error.code()).isEqualTo(ErrorCode.POLICY_DENIED);
    assertThat(error.message()).isEqualTo("the policy of the data's owner: " + rule);
  }

  @Test
  void answer_thatAllRulesAllow_leaves() {
    TaskResult result = answer(OPEN, FakeReduction.total());

    assertThat(result)
        .isInstanceOfSatisfying(
            TaskResult.Success.class, success -> assertThat(success.samples()).isEqualTo(ROWS));
  }

  @Test
  void answer_aboutFewerRowsThanTheMinimum_stays() {
    assertDenied(
        answer(OPEN, FakeReduction.total(), "2024-01-01/2024-01-04"),
        "fewer rows than the minimum of 5 stand behind the answer");
    assertDenied(
        answer(OPEN, FakeReduction.total(), "1999-01-01/1999-01-04"),
        "fewer rows than the minimum of 5 stand behind the answer");
    assertThat(answer(OPEN, FakeReduction.total(), "2024-01-01/2024-01-05"))
        .isInstanceOf(TaskResult.Success.class);
  }

  @Test
  void answer_whoseReductionClaimsMoreRowsThanItSaw_stays() {
    TaskResult result =
        answer(OPEN, new FakeReduction("total", false, 100), "2024-01-01/2024-01-02");

    assertThat(Tasks.error(result).code()).isEqualTo(ErrorCode.INTERNAL);
  }

  @Test
  void answer_whoseReductionCountsFewRows_stays() {
    assertDenied(
        answer(OPEN, new FakeReduction("total", false, -3)),
        "fewer rows than the minimum of 5 stand behind the answer");
  }

  @Test
  void answer_forSingleRows_needsItsOwnRule() {
    assertDenied(answer(OPEN, FakeReduction.rows()), "answers for single rows are not allowed");
    assertThat(models.loads).hasValue(0);

    TaskResult.Success rows =
        (TaskResult.Success) answer(OPEN.allowRowLevel(), FakeReduction.rows());
    assertThat(rows.outputs().get("ids").strings())
        .hasSize(ROWS)
        .allMatch(id -> id.matches("[0-9a-f]{32}"));
  }

  @Test
  void reduction_thatReadsNoOutputs_leavesTheModelUnrunButNotUnasked() {
    Reduction counting =
        new Reduction() {
          @Override
          public String name() {
            return "total";
          }

          @Override
          public boolean readsOutputs() {
            return false;
          }

          @Override
          public Reducer start(ModelDescriptor model, ReductionSpec spec) {
            return new Reducer() {
              private long rows;

              @Override
              public void accept(Batch batch, Map<String, Tensor> outputs) {
                assertThat(outputs).isEmpty();
                rows += batch.rows();
              }

              @Override
              public Partial finish() {
                return new Partial(Map.of(), rows);
              }
            };
          }

          @Override
          public Partial merge(List<Partial> partials) {
            throw new UnsupportedOperationException("nodes do not merge");
          }
        };
    models.behaviour =
        (inputs, cancellation) -> {
          throw new IllegalStateException("the model was run");
        };

    assertThat(answer(OPEN, counting))
        .isInstanceOfSatisfying(
            TaskResult.Success.class, success -> assertThat(success.samples()).isEqualTo(ROWS));
    CabinetPolicy otherModels =
        CabinetPolicy.denyAll()
            .allowModels(Digest.of(new byte[0]))
            .allowAnyRequester()
            .allowAnyPurpose()
            .allowReductions("total");
    assertDenied(answer(otherModels, counting), "the model is not allowed");
  }

  @Test
  void deniedTask_always_touchesNeitherModelNorRows() {
    assertDenied(
        answer(CabinetPolicy.denyAll(), FakeReduction.total()), "the model is not allowed");
    assertThat(models.opens).hasValue(0);
  }

  @Test
  void release_always_isMadeByTheGateAlone() {
    for (Constructor<?> constructor : ReleaseGate.Release.class.getDeclaredConstructors()) {
      assertThat(Modifier.isPrivate(constructor.getModifiers())).isTrue();
    }
    assertThat(Modifier.isFinal(ReleaseGate.Release.class.getModifiers())).isTrue();
  }

  static Stream<Throwable> leaks() {
    String leak = "row of " + SECRET_ID + " with " + SECRET + " in " + SECRET_PATH;
    return Stream.of(
        new IllegalStateException(leak),
        new IllegalArgumentException(leak, new RuntimeException(leak)),
        new OutOfMemoryError(leak),
        new UnsatisfiedLinkError(leak));
  }

  @ParameterizedTest
  @MethodSource("leaks")
  void error_ofAPlugin_leavesNothingOfItsMessage(Throwable leak) {
    models.behaviour =
        (inputs, cancellation) -> {
          if (leak instanceof Error error) {
            throw error;
          }
          throw (RuntimeException) leak;
        };

    ErrorInfo error = Tasks.error(answer(OPEN, FakeReduction.total()));

    assertThat(error.code()).isIn(ErrorCode.INFERENCE_FAILED, ErrorCode.INTERNAL);
    assertThat(error.toString())
        .doesNotContain(SECRET_ID, Double.toString(SECRET), SECRET_PATH, "row of");
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT64", "BOOL", "UINT8"})
  void error_ofAValueThatDoesNotFit_doesNotSayTheValue(String type) {
    models.signature =
        new Signature(List.of(TensorSpec.of("features", DataType.valueOf(type), -1, 2)), List.of());

    ErrorInfo error = Tasks.error(answer(OPEN, FakeReduction.total()));

    assertThat(error.message())
        .isEqualTo(
            "column age: has a value that is none of "
                + type
                + "; allowed: values that it can hold");
  }

  @Test
  void tensors_ofTheRequest_leaveAsTheyCame() {
    try (PowerNode node = PowerNode.builder("n").loader(models).build()) {
      node.attach(models);
      Map<String, Tensor> one = Map.of("features", Tensor.ofFloats(new float[] {1, 2}, 1, 2));

      assertThat(Tasks.success(node, Tasks.onTensors("job", model, one)).samples()).isEqualTo(1);
    }
  }
}
