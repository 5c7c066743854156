package io.powernode.dim.patterns;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Batch;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code calibration}: how often a classifier is right by how sure it is, against the cabinet's
 * label column. What leaves are, for each of ten equally wide bins of the probability of the
 * model's own label, {@code rows} and {@code hits} INT64 [10] and {@code confidence_sums} FP64
 * [10], and {@code squared_errors} FP64 [1], which tell a {@link io.powernode.dim.api.Reliability}.
 * Rows on which the model abstains are left out. Merging adds, so that merged tables equal those
 * over all rows pooled.
 *
 * <p>What the model votes for is read as for {@link VotesReduction}, and the true class as for
 * {@link MetricsReduction}. Scores that are no probabilities of two or more classes are refused
 * with {@link ErrorCode#INVALID_DATA}. Options: {@code threshold} 0..1 for a single score or two
 * probabilities; {@code labels}, the classes of a model that declares none. An owner should know
 * that a bin with a single row tells its probability, and whether the label was right. Thread-safe.
 */
public final class CalibrationReduction implements Reduction {
  static final String NAME = "calibration";

  /** For the service loader. */
  public CalibrationReduction() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void validate(Options options, Violations violations) {
    options.allowOnly(violations, Set.of("labels", "threshold"));
    new OptionChecks(options, violations).labels("labels").share("threshold");
  }

  @Override
  public Reducer start(ModelDescriptor model, ReductionSpec spec) {
    return new CalibrationReducer(VoteReader.of(model, spec.options()));
  }

  @Override
  public Partial merge(List<Partial> partials) {
    return merged(partials);
  }

  static Partial merged(List<Partial> partials) {
    List<Partial> some = Partials.withRows(partials);
    ReliabilityTally sum = new ReliabilityTally();
    some.forEach(partial -> sum.add(ReliabilityTally.of(partial)));
    return some.isEmpty() ? partials.get(0) : sum.partial();
  }

  private static final class CalibrationReducer implements Reducer {
    private final VoteReader reader;
    private final ReliabilityTally tally = new ReliabilityTally();

    CalibrationReducer(VoteReader reader) {
      this.reader = reader;
    }

    @Override
    public void accept(Batch batch, Map<String, Tensor> outputs) {
      List<String> truths = TrueClasses.column(batch, NAME);
      RowVotes votes = reader.read(outputs, batch.rows());
      List<String> classes = votes.classes();
      double[] probabilities =
          votes
              .probabilities()
              .orElseThrow(
                  () ->
                      new DimException(
                          ErrorCode.INVALID_DATA,
                          "outputs: have no probabilities of the classes, which the reduction"
                              + " calibration needs"));
      TrueClasses trueClasses = new TrueClasses(classes);
      Map<String, Integer> indexes = Positions.of(classes);
      for (int row = 0; row < batch.rows(); row++) {
        Integer label = indexes.get(votes.labels().get(row));
        if (label != null) {
          tally.add(
              probabilities[row * classes.size() + label],
              trueClasses.indexOf(truths.get(row)) == label);
        }
      }
    }

    @Override
    public Partial finish() {
      return tally.partial();
    }
  }
}
