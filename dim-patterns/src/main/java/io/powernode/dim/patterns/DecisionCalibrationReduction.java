package io.powernode.dim.patterns;

import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Batch;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * {@code decision_calibration}: how often labels that the job itself brings for the cabinet's rows
 * are right by how sure it is of them, against the cabinet's label column. What leaves has the form
 * of {@link CalibrationReduction}'s, and the true class is read as there; the model is not run.
 * Decisions about rows that the cabinet does not have are left out.
 *
 * <p>Options, all needed: {@code labels}, the classes; {@code rows}, the rows' pseudonymous ids;
 * {@code decided}, a class for each; {@code confidences}, 0..1 for each. Whoever chooses decisions
 * can learn the true label of every row from answers that differ by one decision, so this counts as
 * a row-level reduction, which an owner must allow as such. Thread-safe.
 */
public final class DecisionCalibrationReduction implements Reduction {
  static final String NAME = "decision_calibration";

  /** For the service loader. */
  public DecisionCalibrationReduction() {}

  /** What a task asks, of decisions in one order. */
  static ReductionSpec spec(
      List<String> labels, List<String> rows, List<String> decided, List<Double> confidences) {
    return ReductionSpec.of(NAME)
        .with("labels", labels)
        .with("rows", rows)
        .with("decided", decided)
        .with("confidences", confidences);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean rowLevel() {
    return true;
  }

  @Override
  public boolean readsOutputs() {
    return false;
  }

  @Override
  public void validate(Options options, Violations violations) {
    Set<String> names = Set.of("labels", "rows", "decided", "confidences");
    options.allowOnly(violations, names);
    OptionChecks checks = new OptionChecks(options, violations).labels("labels");
    names.forEach(name -> checks.required(name, "a list, of one length with the others"));
    if (names.stream().noneMatch(violations::has)) {
      Set<?> labels = new HashSet<>(list(options, "labels"));
      int rows = list(options, "rows").size();
      violations.require(
          rows > 0
              && rows == new HashSet<>(list(options, "rows")).size()
              && list(options, "rows").stream().allMatch(String.class::isInstance),
          "rows",
          "is not a list of rows",
          "distinct ids, 1 or more");
      violations.require(
          list(options, "decided").size() == rows && labels.containsAll(list(options, "decided")),
          "decided",
          "is not one of the labels for each row",
          "as many labels as rows");
      violations.require(
          list(options, "confidences").size() == rows
              && list(options, "confidences").stream().allMatch(c -> isShare(c)),
          "confidences",
          "is not a confidence for each row",
          "as many numbers as rows, 0 to 1");
    }
  }

  private static boolean isShare(Object value) {
    return value instanceof Number number && number.doubleValue() >= 0 && number.doubleValue() <= 1;
  }

  private static List<?> list(Options options, String name) {
    return options.asMap().get(name) instanceof List<?> list ? list : List.of();
  }

  @Override
  public Reducer start(ModelDescriptor model, ReductionSpec spec) {
    return new DecisionReducer(spec.options());
  }

  @Override
  public Partial merge(List<Partial> partials) {
    return CalibrationReduction.merged(partials);
  }

  private static final class DecisionReducer implements Reducer {
    private final TrueClasses trueClasses;
    private final Map<String, Integer> rows;
    private final int[] decided;
    private final double[] confidences;
    private final ReliabilityTally tally = new ReliabilityTally();

    DecisionReducer(Options options) {
      List<String> labels = OptionChecks.textsOf(options, "labels");
      Map<String, Integer> indexes = Positions.of(labels);
      trueClasses = new TrueClasses(labels);
      rows = Positions.of(OptionChecks.textsOf(options, "rows"));
      decided =
          OptionChecks.textsOf(options, "decided").stream()
              .mapToInt(label -> Lookup.in(indexes, label))
              .toArray();
      confidences = OptionChecks.numbersOf(options, "confidences");
    }

    @Override
    public void accept(Batch batch, Map<String, Tensor> outputs) {
      List<String> truths = TrueClasses.column(batch, NAME);
      List<String> ids = batch.rowIds().strings();
      IntStream.range(0, ids.size())
          .filter(i -> rows.containsKey(ids.get(i)))
          .forEach(i -> add(Lookup.in(rows, ids.get(i)), truths.get(i)));
    }

    private void add(int row, String truth) {
      tally.add(confidences[row], trueClasses.indexOf(truth) == decided[row]);
    }

    @Override
    public Partial finish() {
      return tally.partial();
    }
  }
}
