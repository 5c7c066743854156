package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Reliability;
import io.powernode.dim.api.Reliability.Bin;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.Violation;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction.Reducer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Confidence against truth, of models and of decisions that a job brings. */
class CalibrationReductionTest {
  private static final List<String> LABELS = List.of("benign", "malignant");
  private static final ReductionSpec CALIBRATION = ReductionSpec.of("calibration");

  private static Partial reduce(List<String> labels, List<String> truths, Tensor scores) {
    ModelDescriptor model = FakeCatalog.riskModel("m").withLabels(labels);
    Reducer reducer = new CalibrationReduction().start(model, CALIBRATION);
    reducer.accept(Rows.batch(truths.size(), 0, Optional.of(truths)), Map.of("p", scores));
    return reducer.finish();
  }

  private static Reliability table(Partial partial) {
    return ReliabilityTally.of(partial).reliability();
  }

  private static Tensor p(double... values) {
    return Tensor.ofDoubles(values);
  }

  /** The example in the documentation of scikit-learn's brier_score_loss: 0.0375. */
  @Test
  void brier_ofTwoClasses_isTheBrierScore() {
    Reliability table =
        table(
            reduce(
                LABELS, List.of("benign", "malignant", "malignant", "benign"), p(.1, .9, .8, .3)));
    assertThat(table.brier()).isCloseTo(.0375, within(1e-12));
    assertThat(table.accuracy()).isEqualTo(1);
    // Sure of .9 .9 .8 .7 and always right: off by .1 on two rows, by .2 and by .3.
    assertThat(table.confidence()).isCloseTo(.825, within(1e-12));
    assertThat(table.ece()).isCloseTo((.1 + .1 + .2 + .3) / 4, within(1e-12));
  }

  @Test
  void table_ofAHandComputedCase_isRight() {
    // The third row abstains. Sure of .6 (wrong), .65 (right) and 1 (wrong).
    Reliability table =
        table(
            reduce(
                List.of("a", "b", "c"),
                List.of("b", "a", "a", "1"),
                Tensor.ofDoubles(
                    new double[] {.6, .2, .2, .65, .35, 0, Double.NaN, 1, 0, 0, 0, 1}, 4, 3)));
    assertThat(table.rows()).isEqualTo(3);
    assertThat(table.accuracy()).isCloseTo(1 / 3., within(1e-12));
    assertThat(table.bins()).hasSize(2);
    Bin first = table.bins().get(0);
    assertThat(List.of(first.from(), first.to())).containsExactly(.6, .7);
    assertThat(first.rows()).isEqualTo(2);
    assertThat(first.confidence()).isCloseTo(.625, within(1e-12));
    assertThat(first.accuracy()).isEqualTo(.5);
    assertThat(table.bins().get(1)).isEqualTo(new Bin(.9, 1, 1, 1, 0));
    assertThat(table.ece()).isCloseTo(2 / 3. * .125 + 1 / 3., within(1e-12));
    assertThat(table.brier()).isCloseTo((.36 + .35 * .35 + 1) / 3, within(1e-12));
  }

  @Test
  void table_ofACalibratedModel_hasNextToNoError() {
    Random random = new Random(7);
    int rows = 20_000;
    double[] risks = random.doubles(rows).toArray();
    List<String> truths =
        IntStream.range(0, rows)
            .mapToObj(row -> LABELS.get(random.nextDouble() < risks[row] ? 1 : 0))
            .toList();
    Reliability good = table(reduce(LABELS, truths, p(risks)));
    assertThat(good.ece()).isLessThan(.02);
    // The Brier score of a calibrated forecast is the mean of p(1-p), here 1/6.
    assertThat(good.brier()).isCloseTo(1 / 6., within(.01));
    double[] bold = IntStream.range(0, rows).mapToDouble(r -> risks[r] < .5 ? .01 : .99).toArray();
    assertThat(table(reduce(LABELS, truths, p(bold))).ece()).isCloseTo(.99 - .75, within(.02));
  }

  static Stream<Arguments> unfit() {
    return Stream.of(
        arguments(LABELS, List.of("benign"), p(7), "have no probabilities of the classes"),
        arguments(LABELS, List.of("other"), p(.7), "true class is none of the model's classes"),
        arguments(List.of("a", "b", "c"), List.of("a"), p(.7), "does not have one score"));
  }

  @ParameterizedTest
  @MethodSource("unfit")
  void rows_thatCannotBeJudged_areRefused(
      List<String> labels, List<String> truths, Tensor scores, String problem) {
    assertThatThrownBy(() -> reduce(labels, truths, scores))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DATA))
        .hasMessageContaining(problem);
  }

  @Test
  void rows_withoutALabelColumn_areRefused() {
    Reducer models =
        new CalibrationReduction()
            .start(FakeCatalog.riskModel("m").withLabels(LABELS), CALIBRATION);
    Reducer decisions =
        new DecisionCalibrationReduction()
            .start(FakeCatalog.riskModel("m"), decisions(List.of("id0"), List.of("benign"), .5));
    for (Reducer reducer : List.of(models, decisions)) {
      assertThatThrownBy(() -> reducer.accept(Rows.batch(1), Map.of("p", p(.5))))
          .isInstanceOfSatisfying(
              DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_UNAVAILABLE))
          .hasMessageContaining("no label column");
    }
  }

  private static ReductionSpec decisions(
      List<String> rows, List<String> decided, double... confidences) {
    return DecisionCalibrationReduction.spec(
        LABELS,
        rows,
        decided,
        IntStream.range(0, confidences.length).mapToObj(i -> confidences[i]).toList());
  }

  @Test
  void decisions_inAnyOrderOverBatches_areJudgedByTheirRows() {
    Reducer reducer =
        new DecisionCalibrationReduction()
            .start(
                FakeCatalog.riskModel("m"),
                decisions(
                    List.of("id3", "id0", "elsewhere", "id1"),
                    List.of("malignant", "malignant", "benign", "benign"),
                    .75,
                    .95,
                    .5,
                    .55));
    reducer.accept(Rows.batch(2, 0, Optional.of(List.of("benign", "benign"))), Map.of());
    reducer.accept(Rows.batch(2, 2, Optional.of(List.of("benign", "malignant"))), Map.of());
    Partial partial = reducer.finish();
    assertThat(partial.samples()).isEqualTo(3);
    assertThat(table(partial).bins())
        .containsExactly(
            new Bin(.5, .6, 1, .55, 1), new Bin(.7, .8, 1, .75, 1), new Bin(.9, 1, 1, .95, 0));
  }

  static Stream<Arguments> badOptions() {
    List<String> row = List.of("a");
    List<String> label = List.of("benign");
    return Stream.of(
        arguments("rows", List.of(), "rows: is not a list of rows"),
        arguments("rows", List.of("a", "a"), "rows: is not a list of rows"),
        arguments("rows", List.of(1), "rows: is not a list of rows"),
        arguments("decided", List.of("other"), "decided: is not one of the labels for each row"),
        arguments("decided", List.of(), "decided: is not one of the labels for each row"),
        arguments("confidences", List.of(1.5), "confidences: is not a confidence for each row"),
        arguments("confidences", List.of("high"), "confidences: is not a confidence for each row"),
        arguments("confidences", List.of(.5, .5), "confidences: is not a confidence for each row"),
        arguments("labels", label, "labels: is not a list of classes"),
        arguments("more", row, "more: is not an option"));
  }

  @ParameterizedTest
  @MethodSource("badOptions")
  void decisions_thatAreNone_areViolations(String option, Object value, String expected) {
    Map<String, Object> options =
        new HashMap<>(decisions(List.of("a"), List.of("benign"), .5).options().asMap());
    options.put(option, value);
    Violations violations = Violations.none();
    new DecisionCalibrationReduction().validate(Options.of(options), violations);
    assertThat(violations.list()).isNotEmpty();
    assertThat(violations.list().get(0).toString()).startsWith(expected);
  }

  @Test
  void decisions_thatAreMissing_areViolationsEach() {
    Violations violations = Violations.none();
    new DecisionCalibrationReduction().validate(Options.none(), violations);
    assertThat(violations.list())
        .extracting(Violation::path)
        .containsExactlyInAnyOrder("labels", "rows", "decided", "confidences");
  }

  static Stream<Arguments> lies() {
    return Stream.of(
        arguments("rows", Tensor.ofLongs(new long[9]), "is of another form"),
        arguments("more", p(1), "is of another form"),
        arguments("hits", counts(8, 3), "has more hits than rows"),
        arguments("hits", counts(8, -1), "has more hits than rows"),
        arguments("rows", counts(8, 3), "does not count its rows"),
        arguments("rows", counts(8, -2), "does not count its rows"),
        arguments("rows", counts(8, 1), "does not count its rows"),
        arguments(
            "confidence_sums",
            p(0, 0, 0, 0, 0, 0, 0, 0, 1.5, 0),
            "has confidences outside of their bin"),
        arguments(
            "confidence_sums",
            p(0, 0, 0, 0, 0, 0, 0, 0, Double.NaN, 0),
            "has confidences outside of their bin"),
        arguments(
            "confidence_sums",
            p(0, 1, 0, 0, 0, 0, 0, 0, 1.7, 0),
            "has confidences outside of their bin"),
        arguments("squared_errors", p(-1), "has errors above 1"),
        arguments("squared_errors", p(Double.NaN), "has errors above 1"),
        arguments("squared_errors", p(2.5), "has errors above 1"));
  }

  private static Tensor counts(int bin, long count) {
    long[] counts = new long[10];
    counts[bin] = count;
    return Tensor.ofLongs(counts);
  }

  @ParameterizedTest
  @MethodSource("lies")
  void partial_thatCannotBe_isRefused(String name, Tensor value, String problem) {
    Partial good = reduce(LABELS, List.of("benign", "benign"), p(.15, .85));
    assertThat(table(good).rows()).isEqualTo(2);
    Map<String, Tensor> values = new LinkedHashMap<>(good.values());
    values.put(name, value);
    assertThatThrownBy(() -> ReliabilityTally.of(new Partial(values, 2)))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DATA))
        .hasMessage("calibration: the table " + problem);
  }
}
