package io.powernode.dim.patterns;

import io.powernode.dim.api.JobOutput;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code metrics}: how well a classifier does against the cabinet's label column. What leaves a
 * node are counts that add up over nodes, so the merged metrics equal those over all rows pooled.
 *
 * <p>A partial holds {@code labels} BYTES [k]; {@code confusion} INT64 [k,k], rows true, columns
 * predicted; and, if the model gives probabilities, {@code log_loss_sum} FP64 [1] and, for two
 * classes, {@code auc_negatives} and {@code auc_positives} INT64 [{@value #AUC_BINS}]: how many
 * rows of the first and of the second class have a probability of the second class in each of
 * equally wide bins. The area under the ROC curve is the Mann-Whitney statistic of the two
 * histograms; rows that share a bin count half, so it is wrong by at most half the sum over the
 * bins of the product of the two classes' shares in the bin.
 *
 * <p>What the model predicts is read as for {@link VotesReduction}. The true class of a row is a
 * class's text or, where no class is a number, its index. A row whose prediction is no class, or
 * scores that are no probabilities, are refused with {@link
 * io.powernode.dim.api.ErrorCode#INVALID_DATA}.
 *
 * <p>Options: {@code threshold} 0..1 for a single score or two probabilities; {@code labels}, the
 * classes of a model that declares none; {@code probabilities}, true by default: false leaves out
 * log loss and AUC, for a model whose scores are no probabilities; {@code label}, the name that the
 * label column must have. A reduction sees the column's values but not its name, so {@code label}
 * is checked by the engine against what the node says of its cabinet. Thread-safe.
 */
public final class MetricsReduction implements Reduction, PartialForm {
  /**
   * How many bins the histograms of the second class's probability have: enough for an AUC to two
   * or three digits, and few enough that a row's score leaves its node only to 1/200. An owner to
   * whom that is too much does not allow this reduction, or only with {@code probabilities} false.
   */
  public static final int AUC_BINS = 200;

  /** For the service loader. */
  public MetricsReduction() {}

  @Override
  public String name() {
    return "metrics";
  }

  @Override
  public void validate(Options options, Violations violations) {
    options.allowOnly(violations, Set.of("label", "labels", "probabilities", "threshold"));
    new OptionChecks(options, violations)
        .text("label")
        .labels("labels")
        .flag("probabilities")
        .share("threshold");
  }

  @Override
  public Reducer start(ModelDescriptor model, ReductionSpec spec) {
    return new MetricsReducer(
        VoteReader.of(model, spec.options()), spec.options().flag("probabilities").orElse(true));
  }

  @Override
  public Partial merge(List<Partial> partials) {
    List<Partial> some = Partials.withRows(partials);
    return some.isEmpty()
        ? partials.get(0)
        : some.stream().map(MetricCounts::of).reduce(MetricCounts::plus).orElseThrow().toPartial();
  }

  @Override
  public JobOutput output(Partial merged) {
    return JobOutput.ofMetrics(MetricCounts.of(merged).metrics());
  }

  @Override
  public Optional<String> problem(Partial partial, ModelDescriptor model, ReductionSpec spec) {
    int classes = MetricCounts.classes(partial);
    return MetricCounts.problem(partial, VoteReader.classes(model, spec.options(), classes));
  }
}
