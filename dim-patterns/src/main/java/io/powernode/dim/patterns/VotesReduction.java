package io.powernode.dim.patterns;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Batch;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code votes}: one label a row. A partial holds {@code row_ids} BYTES [n]; {@code labels} BYTES
 * [n], an empty text where the model abstained; and, if the option {@code probabilities} asks for
 * them and the model's scores are probabilities of its classes, {@code probabilities} FP64 [n,k] in
 * the order of the classes, zeros where it abstained. Classes are the model's, else those of the
 * option {@code labels}, else {@code 0} to {@code k-1}.
 *
 * <p>How outputs become a label: the first output of text, integers or truth values with one entry
 * a row is the label, an integer being the index of a class if the model declares classes, else the
 * label's digits. Without such an output, the first floating-point output tells it: the largest of
 * [n,k], of equal ones the first; one number [n] or [n,1] at or above the threshold is the second
 * class, else the first, and so is the second of two probabilities where a threshold is declared. A
 * NaN abstains. Unfit outputs are refused with {@link io.powernode.dim.api.ErrorCode#INVALID_DATA},
 * and so are single numbers that are no probabilities where neither classes nor a threshold are
 * declared: those are a regression's.
 *
 * <p>Options: {@code threshold} 0..1, else the model's, else 0.5 for one number; {@code labels},
 * the classes of a model that declares none; {@code minConfidence} 0..1, below which the label's
 * probability makes the model abstain (scores that are no probabilities are then refused), and
 * which tells something about probabilities, so that they must be asked for; {@code probabilities},
 * false by default. Merging puts one node's rows below the other's. Thread-safe.
 */
public final class VotesReduction implements Reduction {
  static final String NAME = "votes";
  static final String LABELS = "labels";
  static final String PROBABILITIES = "probabilities";

  /** For the service loader. */
  public VotesReduction() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean rowLevel() {
    return true;
  }

  @Override
  public void validate(Options options, Violations violations) {
    options.allowOnly(
        violations, Set.of("labels", Consensus.MIN_CONFIDENCE, PROBABILITIES, "threshold"));
    new OptionChecks(options, violations)
        .labels("labels")
        .share(Consensus.MIN_CONFIDENCE)
        .flag(PROBABILITIES)
        .share("threshold");
    violations.require(
        !options.names().contains(Consensus.MIN_CONFIDENCE)
            || Boolean.TRUE.equals(options.asMap().get(PROBABILITIES)),
        Consensus.MIN_CONFIDENCE,
        "is given, but no probabilities are asked for",
        "left out, or probabilities true beside it");
  }

  @Override
  public Reducer start(ModelDescriptor model, ReductionSpec spec) {
    return new VotesReducer(
        VoteReader.of(model, spec.options()), spec.options().flag(PROBABILITIES).orElse(false));
  }

  @Override
  public Partial merge(List<Partial> partials) {
    return RowPartials.merge(partials);
  }

  private static final class VotesReducer implements Reducer {
    private final VoteReader reader;
    private final RowBuffer votes = new RowBuffer();
    private final RowBuffer probabilities = new RowBuffer();
    private boolean wantsProbabilities;
    private long rows;

    VotesReducer(VoteReader reader, boolean wantsProbabilities) {
      this.reader = reader;
      this.wantsProbabilities = wantsProbabilities;
    }

    @Override
    public void accept(Batch batch, Map<String, Tensor> outputs) {
      RowVotes read = reader.read(outputs, batch.rows());
      Map<String, Tensor> labels = new LinkedHashMap<>();
      labels.put(RowPartials.ROW_IDS, batch.rowIds());
      labels.put(LABELS, Tensor.ofStrings(read.labels()));
      votes.add(labels);
      rows += batch.rows();
      // One batch without probabilities means that the scores are none, whatever the others say.
      wantsProbabilities = wantsProbabilities && read.probabilities().isPresent();
      if (wantsProbabilities) {
        double[] values = read.probabilities().orElseThrow();
        probabilities.add(
            Map.of(PROBABILITIES, Tensor.ofDoubles(values, batch.rows(), read.classes().size())));
      }
    }

    @Override
    public Partial finish() {
      Map<String, Tensor> values = votes.tensors();
      if (wantsProbabilities && rows > 0) {
        values.putAll(probabilities.tensors());
      }
      return new Partial(values, rows);
    }
  }
}
