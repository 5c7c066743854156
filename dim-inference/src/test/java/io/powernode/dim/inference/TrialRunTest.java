package io.powernode.dim.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.inference.BatchingTrial.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a trial makes of models that take a known time and treat rows in a known way. */
class TrialRunTest {
  private final TimedModel model = new TimedModel();

  private BatchingTrial judge() {
    return new TrialRun(model, new JointRun(model), model.batching(16)).judge("m");
  }

  @Test
  void judge_ofModelWithCostlyRunsAndCheapRows_measuresTheGain() {
    BatchingTrial trial = judge();

    assertThat(trial.verdict()).isEqualTo(Verdict.PAYS);
    assertThat(trial.modelId()).isEqualTo("m");
    assertThat(trial.bitIdentical()).isTrue();
    // Eight runs of 21 µs against one of 28.
    assertThat(trial.speedup()).isCloseTo(8 * 21 / 28.0, Offset.offset(1e-9));
  }

  @Test
  void judge_always_triesEachNumberOfRowsUpToTheMost() {
    judge();

    assertThat(model.runs).contains(1L, 2L, 3L, 7L, 8L, 15L, 16L).noneMatch(rows -> rows > 16);
  }

  static Stream<Arguments> times() {
    return Stream.of(
        arguments("rows cost all", 1, 100, Verdict.DOES_NOT_PAY, 8 * 101 / 801.0),
        // 8 × 1300 against 300 + 8 × 1000, in units that make it exact.
        arguments("a gain below 1.3", 300, 1_000, Verdict.DOES_NOT_PAY, 10_400 / 8_300.0),
        arguments("a gain above 1.3", 400, 1_000, Verdict.PAYS, 11_200 / 8_400.0),
        arguments("a slow run", 1_100_000, 1, Verdict.TOO_SLOW, 0),
        arguments("a slow full run", 900_000, 10_000, Verdict.TOO_SLOW, 8 * 910_000 / 980_000.0));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("times")
  void judge_ofModelThatTakesItsTime_decides(
      String name, long perRun, long perRow, Verdict verdict, double speedup) {
    model.perRun = Duration.ofNanos(perRun);
    model.perRow = Duration.ofNanos(perRow);

    BatchingTrial trial = judge();

    assertThat(trial.verdict()).isEqualTo(verdict);
    assertThat(trial.speedup()).isCloseTo(speedup, Offset.offset(1e-9));
  }

  /** One run is enough to see it. */
  @Test
  void judge_ofModelThatTakesSeconds_doesNotRunItAgainAndAgain() {
    model.perRun = Duration.ofSeconds(5);

    assertThat(judge().verdict()).isEqualTo(Verdict.TOO_SLOW);
    assertThat(model.runs).hasSize(1);
  }

  @Test
  void judge_onAClockThatStands_findsNoGain() {
    model.perRun = Duration.ZERO;
    model.perRow = Duration.ZERO;

    assertThat(judge().verdict()).isEqualTo(Verdict.DOES_NOT_PAY);
  }

  static Stream<Arguments> functions() {
    UnaryOperator<Tensor> sumOfAll =
        x -> {
          double[] values = x.toDoubles();
          float[] sums = new float[values.length];
          for (double value : values) {
            for (int i = 0; i < sums.length; i++) {
              sums[i] += (float) value;
            }
          }
          return Tensor.ofFloats(sums, x.shape());
        };
    return Stream.of(
        arguments("rows that add up", sumOfAll, Verdict.ROWS_DEPEND),
        arguments("rows that feel their place", shifted(true, 1e-3f), Verdict.ROWS_DEPEND),
        arguments("rows that feel their company", shifted(false, 1e-3f), Verdict.ROWS_DEPEND),
        arguments(
            "one row for all", (UnaryOperator<Tensor>) x -> first(x, 1), Verdict.TRIAL_FAILED),
        arguments(
            "no row at all", (UnaryOperator<Tensor>) x -> Tensor.scalar(1.0), Verdict.TRIAL_FAILED),
        arguments(
            "a failure",
            (UnaryOperator<Tensor>)
                x -> {
                  throw new DimException(ErrorCode.INFERENCE_FAILED, "no");
                },
            Verdict.TRIAL_FAILED));
  }

  private static Tensor first(Tensor x, int rows) {
    float[] values = new float[2 * rows];
    x.floats().get(values);
    return Tensor.ofFloats(values, rows, 2);
  }

  /** Adds a little for each row before, or for each row beside. */
  private static UnaryOperator<Tensor> shifted(boolean byPlace, float by) {
    return x -> {
      float[] values = new float[x.elements()];
      x.floats().get(values);
      for (int i = 0; i < values.length; i++) {
        values[i] += by * (byPlace ? i / 2 : x.dimension(0) - 1);
      }
      return Tensor.ofFloats(values, x.shape());
    };
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("functions")
  void judge_ofModelWhoseRowsAreNotTheirOwn_refusesCompany(
      String name, UnaryOperator<Tensor> function, Verdict verdict) {
    model.function = function;

    BatchingTrial trial = judge();

    assertThat(trial.verdict()).isEqualTo(verdict);
    assertThat(trial.pays()).isFalse();
    assertThat(trial.bitIdentical()).isFalse();
  }

  @Test
  void judge_ofRowsThatDifferInTheLastBits_saysSo() {
    model.function = shifted(false, 1e-8f);

    BatchingTrial trial = judge();

    assertThat(trial.verdict()).isEqualTo(Verdict.PAYS);
    assertThat(trial.bitIdentical()).isFalse();
  }

  static Stream<Arguments> shapes() {
    TensorSpec open = TensorSpec.of("x", DataType.FP32, -1, 2);
    TensorSpec fixed = TensorSpec.of("x", DataType.FP32, 1, 2);
    TensorSpec twice = TensorSpec.of("x", DataType.FP32, -1, -1);
    TensorSpec texts = TensorSpec.of("x", DataType.BYTES, -1, 2);
    TensorSpec scalar = TensorSpec.of("x", DataType.FP32);
    TensorSpec huge = TensorSpec.of("x", DataType.FP32, -1, 1L << 40, 1L << 40);
    return Stream.of(
        arguments("a fixed input", List.of(fixed), List.of(open), Verdict.NO_BATCH_DIMENSION),
        arguments("a fixed output", List.of(open), List.of(fixed), Verdict.NO_BATCH_DIMENSION),
        arguments(
            "one fixed of two", List.of(open), List.of(open, fixed), Verdict.NO_BATCH_DIMENSION),
        arguments("a second open one", List.of(twice), List.of(open), Verdict.NO_BATCH_DIMENSION),
        arguments("texts", List.of(texts), List.of(open), Verdict.NO_BATCH_DIMENSION),
        arguments("texts answered", List.of(open), List.of(texts), Verdict.NO_BATCH_DIMENSION),
        arguments("a scalar", List.of(scalar), List.of(open), Verdict.NO_BATCH_DIMENSION),
        arguments("no input", List.of(), List.of(open), Verdict.NO_BATCH_DIMENSION),
        arguments("rows beyond memory", List.of(huge), List.of(open), Verdict.TOO_SLOW),
        arguments("an output open twice", List.of(open), List.of(twice), Verdict.PAYS));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shapes")
  void judge_ofSignature_asksForOpenRowsAndNothingElseOpen(
      String name, List<TensorSpec> inputs, List<TensorSpec> outputs, Verdict verdict) {
    model.signature = new Signature(inputs, outputs);

    assertThat(judge().verdict()).isEqualTo(verdict);
    if (verdict != Verdict.PAYS) {
      assertThat(model.runs).isEmpty();
    }
  }

  static Stream<DataType> numbers() {
    return Stream.of(DataType.values()).filter(DataType::isNumeric);
  }

  @ParameterizedTest
  @MethodSource("numbers")
  void trialRows_ofAnyType_areUnlikeEachOtherAndAlwaysTheSame(DataType type) {
    List<TensorSpec> inputs = List.of(TensorSpec.of("x", type, -1, 64));

    assertThat(TrialRows.of(inputs, 4))
        .doesNotHaveDuplicates()
        .isEqualTo(TrialRows.of(inputs, 4))
        .allSatisfy(
            row ->
                assertThat(DoubleStream.of(row.get("x").toDoubles()).map(Math::abs).max().orElse(2))
                    .isLessThanOrEqualTo(1));
  }
}
