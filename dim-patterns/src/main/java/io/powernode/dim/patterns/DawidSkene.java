package io.powernode.dim.patterns;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.Violations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * {@code dawid_skene}: the most probable label of each row, given how each model seems to err. A
 * model has a confusion matrix of its own, which nobody knows; it and the rows' labels are
 * estimated from each other over all rows. Source: A. P. Dawid, A. M. Skene, Maximum likelihood
 * estimation of observer error-rates using the EM algorithm, Applied Statistics 28 (1979).
 *
 * <p>The estimate starts from the shares of the votes on each row. It ends when no probability
 * changes by more than {@code tolerance} (1e-5 unless given, 0 to 1), or after {@code
 * maxIterations} (1,000 unless given, 1 to 10,000); the evidence's details say which, and hold the
 * priors and confusion matrices. {@code smoothing} (1e-10 unless given, above 0 to 100) is added to
 * each cell of the expected counts: the default only keeps logarithms finite, more of it makes
 * models on few rows less sure. Equal votes give equal results whatever the order of the models.
 *
 * <p>The posterior is the confidence; the agreement, which {@code minAgreement} is about, is the
 * share of the models that voted for the label, one vote each. A model's weight in the evidence is
 * the estimated share of rows on which it is right. There may be at most 100 classes. Thread-safe.
 */
public final class DawidSkene extends VotingRule {
  private static final int MAX_CLASSES = 100;

  /** For the service loader. */
  public DawidSkene() {
    super("dawid_skene");
  }

  @Override
  Set<String> options() {
    return Set.of(
        Consensus.CALIBRATION, Consensus.MIN_CONFIDENCE, "maxIterations", "smoothing", "tolerance");
  }

  @Override
  public void validate(Consensus consensus, Violations violations) {
    super.validate(consensus, violations);
    requireNoWeights(consensus, violations);
    new OptionChecks(consensus.options(), violations)
        .whole("maxIterations", 1, 10_000)
        .number("smoothing", value -> value > 0 && value <= 100, "above 0, to 100")
        .share("tolerance");
    violations.require(
        consensus.labels().size() <= MAX_CLASSES,
        "labels",
        "are too many for dawid_skene",
        "at most " + MAX_CLASSES);
  }

  @Override
  public List<Decision> decide(Ballots ballots, Consensus consensus) {
    return new ProbableLabels(ballots, equal(ballots), consensus)
        .decisions(fit(ballots, consensus)::posterior, Optional.empty());
  }

  @Override
  public double[] weights(Ballots ballots, Consensus consensus) {
    DawidSkeneModel model = fit(ballots, consensus);
    List<Ballot> ordered = ordered(ballots);
    return ballots.ballots().stream()
        .mapToDouble(b -> Math.max(model.accuracy(ordered.indexOf(b)), Double.MIN_NORMAL))
        .toArray();
  }

  @Override
  public Options details(Ballots ballots, Consensus consensus) {
    DawidSkeneModel model = fit(ballots, consensus);
    List<Ballot> ordered = ordered(ballots);
    Map<String, Object> confusion = new LinkedHashMap<>();
    for (Ballot ballot : ballots.ballots()) {
      double[][] errors = model.errors(ordered.indexOf(ballot));
      confusion.put(ballot.modelId(), Stream.of(errors).map(DawidSkene::listed).toList());
    }
    return Options.none()
        .with("iterations", model.iterations())
        .with("converged", model.converged())
        .with("labels", ballots.labels())
        .with("priors", listed(model.priors()))
        .with("confusion", confusion);
  }

  private static DawidSkeneModel fit(Ballots ballots, Consensus consensus) {
    int labels = ballots.labels().size();
    if (labels > MAX_CLASSES) {
      throw new DimException(
          ErrorCode.INVALID_DATA,
          "dawid_skene: there are %d classes; allowed: at most %d".formatted(labels, MAX_CLASSES));
    }
    List<Ballot> ordered = ordered(ballots);
    Options options = consensus.options();
    return DawidSkeneModel.fit(
        VotePatterns.of(ordered, ballots.rows().size()),
        ordered.size(),
        labels,
        options.number("smoothing").orElse(1e-10),
        options.number("tolerance").orElse(1e-5),
        options.number("maxIterations").orElse(1_000.0).intValue());
  }

  private static List<Ballot> ordered(Ballots ballots) {
    List<Ballot> ordered = new ArrayList<>(ballots.ballots());
    ordered.sort(Comparator.comparing(Ballot::modelId));
    return ordered;
  }

  private static List<Double> listed(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
