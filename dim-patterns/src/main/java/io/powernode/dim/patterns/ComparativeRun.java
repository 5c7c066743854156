package io.powernode.dim.patterns;

import io.powernode.dim.api.ComparativeSpec;
import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.Evidence;
import io.powernode.dim.api.Evidence.Agreement;
import io.powernode.dim.api.Evidence.Calibration;
import io.powernode.dim.api.JobOutput;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.ReviewTimeoutRule;
import io.powernode.dim.patterns.Calibrating.Decided;
import io.powernode.dim.patterns.Reviewing.Reviewed;
import io.powernode.dim.spi.ConsensusRule;
import io.powernode.dim.spi.ConsensusRule.Ballots;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One execution of a comparative job. */
final class ComparativeRun {
  private final ComparativeSpec spec;
  private final PatternContext context;
  private final ConsensusRule rule;
  private final Classes classes;
  private final ModelRuns runs;

  /**
   * Chooses the nodes.
   *
   * @throws DimException with {@link ErrorCode#INVALID_DATA} if there is no data to compare on, or
   *     not the same on all nodes
   */
  ComparativeRun(ComparativeSpec spec, PatternContext context) {
    this.spec = spec;
    this.context = context;
    this.rule = Plugins.required(context.catalog(), ConsensusRule.class, spec.consensus().method());
    requireData();
    List<ModelDescriptor> models =
        spec.modelIds().stream().map(id -> Plugins.model(context.catalog(), id)).toList();
    this.classes = rule.decidesNumbers() ? Classes.none() : Classes.of(spec.consensus(), models);
    boolean probable = ComparativeChecks.needsProbabilities(spec, context.catalog());
    this.runs =
        new ModelRuns(
            new ModelTasks(spec, context, models),
            rule.decidesNumbers()
                ? new NumberAsking()
                : new LabelAsking(spec.consensus(), classes, probable));
  }

  private void requireData() {
    if (spec.usesInputData() && context.inputData().isEmpty()) {
      throw new DimException(
          ErrorCode.INVALID_DATA, "inputData: is missing; allowed: the rows to compare on");
    }
    if (!spec.usesInputData()) {
      difference("same-data", spec.dataSource())
          .ifPresent(
              how -> {
                throw new DimException(ErrorCode.INVALID_DATA, "nodes: " + how);
              });
    }
  }

  /** Why the named nodes' rows are not the same; looked up once, since nodes come and go. */
  private Optional<String> difference(String step, String cabinet) {
    if (ComparativeChecks.nodes(spec).size() < 2) {
      return Optional.empty();
    }
    return Optional.of(
            context.record(
                step,
                String.class,
                () -> ComparativeChecks.differingData(spec, context.catalog(), cabinet).orElse("")))
        .filter(how -> !how.isEmpty());
  }

  PatternResult result() {
    int steps = spec.modelIds().size() + 1;
    context.progress(0, steps);
    List<ModelAnswer> answers = BallotBox.linedUp(answers());
    context.progress(steps - 1, steps);
    Optional<ErrorInfo> tooFew = BallotBox.tooFew(answers);
    if (tooFew.isPresent()) {
      return PatternResult.failed(tooFew.get());
    }
    PatternResult result = decided(learned(answers), BallotBox.of(answers, classes));
    if (result instanceof PatternResult.Completed) {
      context.progress(steps, steps);
    }
    return result;
  }

  private List<ModelAnswer> answers() {
    List<ModelAnswer> answers =
        spec.usesInputData()
            ? runs.onInput()
            : runs.onCabinet(spec.dataSource(), List.of("vote", "label"));
    GoldTrials trials = new GoldTrials(runs.tasks(), spec.consensus(), classes);
    return ComparativeChecks.goldCabinet(spec)
        .map(cabinet -> trials.weighed(cabinet, answers))
        .orElse(answers);
  }

  /** The consensus with the weights that were learned from rows with known labels, if any were. */
  private Consensus learned(List<ModelAnswer> answers) {
    Map<String, Double> weights = new LinkedHashMap<>();
    answers.forEach(answer -> answer.weight().ifPresent(w -> weights.put(answer.modelId(), w)));
    return weights.isEmpty() ? spec.consensus() : spec.consensus().weights(weights);
  }

  private PatternResult decided(Consensus consensus, BallotBox box) {
    Ballots ballots = box.ballots();
    double[] weights = rule.weights(ballots, consensus);
    List<Decision> decisions = rule.decide(ballots, consensus);
    Agreement agreement =
        rule.decidesNumbers()
            ? Agreements.ofNumbers(ballots, decisions, consensus)
            : Agreements.ofLabels(ballots, decisions);
    List<Calibration> calibrations = calibrations(consensus, new Decided(ballots, decisions));
    Optional<Reviewed> reviewed =
        new Reviewing(ballots, rule, consensus, decisions).ask(context, weights);
    if (reviewed.isEmpty()) {
      return PatternResult.awaitingReview();
    }
    int open = reviewed.get().open();
    if (open > 0 && consensus.onReviewTimeout() == ReviewTimeoutRule.FAIL) {
      return PatternResult.failed(
          ErrorInfo.of(
              ErrorCode.REVIEW_TIMEOUT,
              "review: did not arrive in time for %d rows".formatted(open)));
    }
    return PatternResult.completed(
        JobOutput.ofDecisions(reviewed.get().decisions()),
        Evidence.ofVotes(rule.name(), box.evidence(weights), agreement, reviewed.get().reviews())
            .calibrated(calibrations)
            .with(rule.details(ballots, consensus)));
  }

  private List<Calibration> calibrations(Consensus consensus, Decided decided) {
    Optional<String> asked = ComparativeChecks.calibrationCabinet(spec);
    if (asked.isEmpty()) {
      return List.of();
    }
    String cabinet = asked.get();
    Calibrating calibrating = new Calibrating(cabinet, runs, rule, consensus, classes);
    return ComparativeChecks.calibratesOnItself(spec)
        ? calibrating.all(Optional.of(decided), Optional.empty())
        : calibrating.all(Optional.empty(), difference("same-calibration-data", cabinet));
  }
}
