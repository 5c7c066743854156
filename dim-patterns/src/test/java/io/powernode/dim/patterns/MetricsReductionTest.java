package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Metrics;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction.Reducer;
import java.util.ArrayList;
import java.util.Arrays;
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
import org.junit.jupiter.params.provider.ValueSource;

class MetricsReductionTest {
  private static final MetricsReduction METRICS = new MetricsReduction();
  private static final List<String> LABELS = List.of("benign", "malignant");
  private static final ModelDescriptor MODEL = FakeCatalog.riskModel("m").withLabels(LABELS);

  @Test
  void metrics_ofAHandComputedCase_areRight() {
    // p(malignant) .1 .6 .4 .9 of benign, benign, malignant, malignant: 3 of 4 pairs in order.
    Metrics metrics =
        metrics(
            reduce(
                MODEL,
                ReductionSpec.metrics(),
                List.of("benign", "benign", "malignant", "malignant"),
                Tensor.ofDoubles(new double[] {.1, .6, .4, .9}, 4, 1)));
    assertThat(metrics.labels()).isEqualTo(LABELS);
    assertThat(metrics.confusion()).isEqualTo(List.of(List.of(1L, 1L), List.of(1L, 1L)));
    assertThat(metrics.accuracy()).isEqualTo(0.5);
    assertThat(metrics.samples()).isEqualTo(4);
    double expected = -(Math.log(.9) + Math.log(.4) + Math.log(.4) + Math.log(.9)) / 4;
    assertThat(metrics.logLoss().orElseThrow()).isCloseTo(expected, within(1e-12));
    assertThat(metrics.auc().orElseThrow()).isCloseTo(0.75, within(1e-12));
  }

  @Test
  void metrics_ofThreeClasses_haveNoAuc() {
    ModelDescriptor model = FakeCatalog.riskModel("m").withLabels(List.of("a", "b", "c"));
    Metrics metrics =
        metrics(
            reduce(
                model,
                ReductionSpec.metrics(),
                List.of("c", "a"),
                Tensor.ofDoubles(new double[] {.2, .3, .5, .1, .9, 0}, 2, 3)));
    assertThat(metrics.confusion())
        .isEqualTo(List.of(List.of(0L, 1L, 0L), List.of(0L, 0L, 0L), List.of(0L, 0L, 1L)));
    assertThat(metrics.logLoss().orElseThrow())
        .isCloseTo(-(Math.log(.5) + Math.log(.1)) / 2, within(1e-12));
    assertThat(metrics.auc()).isEmpty();
  }

  @Test
  void metrics_ofACertainMistake_clipTheLogLoss() {
    Metrics metrics =
        metrics(
            reduce(
                MODEL,
                ReductionSpec.metrics(),
                List.of("malignant"),
                Tensor.ofDoubles(new double[] {0})));
    assertThat(metrics.logLoss().orElseThrow()).isCloseTo(-Math.log(1e-15), within(1e-9));
    assertThat(metrics.auc()).as("one class only").isEmpty();
  }

  static Stream<Arguments> truths() {
    return Stream.of(
        arguments(LABELS, "malignant", 1),
        arguments(LABELS, "1", 1),
        arguments(LABELS, "0.0", 0),
        arguments(List.of("1", "2"), "1", 0),
        arguments(List.of("1", "2"), "2.0", 1),
        arguments(List.of("0", "1"), "1.0", 1),
        arguments(List.<String>of(), "1", 1));
  }

  @ParameterizedTest
  @MethodSource("truths")
  void truth_byTextNumberOrIndex_isFound(List<String> labels, String truth, int row) {
    Metrics metrics =
        metrics(
            reduce(
                FakeCatalog.riskModel("m").withLabels(labels),
                ReductionSpec.metrics(),
                List.of(truth),
                Tensor.ofDoubles(new double[] {.9})));
    assertThat(metrics.confusion().get(row).get(1)).isEqualTo(1);
  }

  static Stream<Arguments> unfit() {
    Tensor p = Tensor.ofDoubles(new double[] {.9});
    return Stream.of(
        arguments("unknown class", LABELS, "other", p, "label: a row's true class"),
        arguments("number among numbers", List.of("1", "2"), "0", p, "label: a row's true class"),
        arguments("index out of range", LABELS, "2", p, "label: a row's true class"),
        arguments("NaN", LABELS, "benign", Tensor.ofDoubles(new double[] {Double.NaN}), "no class"),
        arguments(
            "logits",
            LABELS,
            "benign",
            Tensor.ofDoubles(new double[] {-3, 4}, 1, 2),
            "output y: is no probability"),
        arguments(
            "no classes", List.of(), "7", Tensor.ofLongs(new long[] {7}), "declares no classes"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unfit")
  void metrics_ofUnfitRows_areRefusedWithoutTheirValues(
      String name, List<String> labels, String truth, Tensor output, String message) {
    assertThatThrownBy(
            () ->
                reduce(
                    FakeCatalog.riskModel("m").withLabels(labels),
                    ReductionSpec.metrics(),
                    List.of(truth),
                    output))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DATA))
        .hasMessageContaining(message);
  }

  @Test
  void metrics_ofACabinetWithoutLabels_areRefused() {
    Reducer reducer = METRICS.start(MODEL, ReductionSpec.metrics());
    assertThatThrownBy(
            () -> reducer.accept(Rows.batch(1), Map.of("y", Tensor.ofDoubles(new double[] {.9}))))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_UNAVAILABLE));
  }

  @Test
  void probabilities_turnedOff_leaveOutWhatNeedsThem() {
    Metrics metrics =
        metrics(
            reduce(
                MODEL,
                ReductionSpec.metrics().with("probabilities", false),
                List.of("malignant"),
                Tensor.ofDoubles(new double[] {-3, 4}, 1, 2)));
    assertThat(metrics.accuracy()).isEqualTo(1);
    assertThat(metrics.logLoss()).isEmpty();
    assertThat(metrics.auc()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void metrics_ofAnySplitOverNodes_equalThePooledOnes(long seed) {
    Random random = new Random(seed);
    int rows = 3_000;
    List<String> truths = new ArrayList<>();
    double[] probabilities = new double[rows];
    for (int i = 0; i < rows; i++) {
      truths.add(LABELS.get(random.nextInt(2)));
      probabilities[i] = random.nextDouble();
    }
    List<Partial> partials = new ArrayList<>();
    for (int from = 0; from < rows; ) {
      int to = Math.min(rows, from + 1 + random.nextInt(900));
      partials.add(
          reduce(
              MODEL,
              ReductionSpec.metrics(),
              truths.subList(from, to),
              Tensor.ofDoubles(Arrays.copyOfRange(probabilities, from, to))));
      from = to;
    }
    Metrics federated = metrics(METRICS.merge(partials));
    Metrics pooled =
        metrics(reduce(MODEL, ReductionSpec.metrics(), truths, Tensor.ofDoubles(probabilities)));
    assertThat(federated.confusion()).isEqualTo(pooled.confusion());
    assertThat(federated.auc()).isEqualTo(pooled.auc());
    assertThat(federated.logLoss().orElseThrow())
        .isCloseTo(pooled.logLoss().orElseThrow(), within(1e-9));
    assertThat(pooled.auc().orElseThrow())
        .isCloseTo(exactAuc(truths, probabilities), within(errorBound(truths, probabilities)));
  }

  private static double exactAuc(List<String> truths, double[] probabilities) {
    double ordered = 0;
    long pairs = 0;
    for (int i = 0; i < probabilities.length; i++) {
      for (int j = 0; j < probabilities.length; j++) {
        if (truths.get(i).equals("malignant") && truths.get(j).equals("benign")) {
          pairs++;
          ordered += Math.signum(probabilities[i] - probabilities[j]) / 2 + .5;
        }
      }
    }
    return ordered / pairs;
  }

  /** The bound that the Javadoc states. */
  private static double errorBound(List<String> truths, double[] probabilities) {
    double[][] bins = new double[2][MetricsReduction.AUC_BINS];
    double[] totals = new double[2];
    for (int i = 0; i < probabilities.length; i++) {
      int truth = LABELS.indexOf(truths.get(i));
      bins[truth][(int) (probabilities[i] * MetricsReduction.AUC_BINS)]++;
      totals[truth]++;
    }
    return IntStream.range(0, MetricsReduction.AUC_BINS)
            .mapToDouble(bin -> bins[0][bin] / totals[0] * bins[1][bin] / totals[1])
            .sum()
        / 2;
  }

  static Stream<Arguments> lies() {
    return Stream.of(
        arguments("labels", Tensor.ofStrings(List.of("benign", "evil")), "classes are not those"),
        arguments("labels", Tensor.ofLongs(new long[] {1, 2}), "classes are missing"),
        arguments(
            "confusion",
            Tensor.ofLongs(new long[] {9, 0, 0, 1}, 2, 2),
            "does not count its samples"),
        arguments(
            "confusion",
            Tensor.ofLongs(new long[] {3, -1, 0, 0}, 2, 2),
            "does not count its samples"),
        arguments("confusion", Tensor.ofLongs(new long[] {2}), "does not count its samples"),
        arguments("log_loss_sum", Tensor.ofDoubles(new double[] {-1}), "log loss"),
        arguments("auc_positives", Tensor.ofLongs(new long[] {1}), "histograms"),
        arguments("more", Tensor.ofLongs(new long[] {1}), "not of metrics"));
  }

  @ParameterizedTest
  @MethodSource("lies")
  void problem_ofAPartialThatCannotBe_isTold(String name, Tensor lie, String problem) {
    Partial honest =
        reduce(
            MODEL,
            ReductionSpec.metrics(),
            List.of("benign", "malignant"),
            Tensor.ofDoubles(new double[] {.2, .9}));
    assertThat(METRICS.problem(honest, MODEL, ReductionSpec.metrics())).isEmpty();
    Map<String, Tensor> values = new LinkedHashMap<>(honest.values());
    values.put(name, lie);
    assertThat(
            METRICS.problem(new Partial(values, 2), MODEL, ReductionSpec.metrics()).orElseThrow())
        .contains(problem);
  }

  static Stream<Arguments> classes() {
    List<String> none = List.of();
    List<String> others = List.of("nein", "ja");
    List<String> ours = List.of("no", "yes");
    return Stream.of(
        arguments(none, ReductionSpec.metrics().with("labels", ours), ours, true),
        arguments(none, ReductionSpec.metrics().with("labels", ours), others, false),
        arguments(none, ReductionSpec.metrics(), List.of("0", "1"), true),
        arguments(none, ReductionSpec.metrics(), others, false),
        arguments(LABELS, ReductionSpec.metrics(), LABELS, true),
        arguments(LABELS, ReductionSpec.metrics(), others, false));
  }

  @ParameterizedTest
  @MethodSource("classes")
  void problem_ofClasses_isThatTheyAreNotThoseDeclared(
      List<String> model, ReductionSpec spec, List<String> answered, boolean fits) {
    Partial partial =
        new MetricCounts(
                answered, new long[] {1, 0, 0, 1}, Optional.empty(), new long[0], new long[0])
            .toPartial();
    assertThat(METRICS.problem(partial, FakeCatalog.riskModel("m").withLabels(model), spec))
        .isEqualTo(
            fits
                ? Optional.empty()
                : Optional.of("its classes are not those of the model or the job"));
  }

  @Test
  void merge_ofNodesWithOtherClasses_isRefused() {
    Partial two =
        reduce(MODEL, ReductionSpec.metrics(), List.of("1"), Tensor.ofLongs(new long[] {1}));
    Partial three =
        reduce(
            FakeCatalog.riskModel("m").withLabels(List.of("a", "b", "c")),
            ReductionSpec.metrics(),
            List.of("1"),
            Tensor.ofLongs(new long[] {1}));
    assertThatThrownBy(() -> METRICS.merge(List.of(two, three)))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DATA));
  }

  @Test
  void validate_wrongOptions_areViolations() {
    Violations violations = Violations.none();
    METRICS.validate(Options.of(Map.of("label", 3, "bins", 10, "threshold", "half")), violations);
    assertThat(violations.list())
        .extracting(v -> v.path())
        .containsExactlyInAnyOrder("bins", "label", "threshold");
  }

  private static Metrics metrics(Partial partial) {
    return METRICS.output(partial).metrics().orElseThrow();
  }

  private static Partial reduce(
      ModelDescriptor model, ReductionSpec spec, List<String> truths, Tensor output) {
    Reducer reducer = METRICS.start(model, spec);
    reducer.accept(Rows.batch(truths.size(), 0, Optional.of(truths)), Map.of("y", output));
    return reducer.finish();
  }
}
