package io.powernode.dim.patterns;

import io.powernode.dim.api.ComparativeSpec;
import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.Evidence;
import io.powernode.dim.api.Evidence.Agreement;
import io.powernode.dim.api.JobOutput;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.ReviewTimeoutRule;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.Violations;
import io.powernode.dim.patterns.Reviewing.Reviewed;
import io.powernode.dim.spi.Catalog;
import io.powernode.dim.spi.ConsensusRule;
import io.powernode.dim.spi.ConsensusRule.Ballots;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternEngine;
import io.powernode.dim.spi.PatternResult;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code comparative}: several models run over the same rows, and a consensus rule makes one
 * decision a row of their votes, or of their numbers if they are regressions.
 *
 * <p>The rows are a cabinet's, from which only votes leave ({@link VotesReduction}; probabilities
 * where the owner's policy lets them) or numbers ({@link NumbersReduction}), or the job's own input
 * data, called {@code r1} to {@code rn} unless that has their names in a tensor {@code row_ids},
 * BYTES [n], which no model sees. Votes are lined up by the rows' ids; models that voted on other
 * rows fail the job with {@link ErrorCode#INVALID_DATA}. The classes are the job's {@code labels},
 * else the models' own, which must be the same set. A model that fails is recorded with weight 0;
 * fewer than two that answer are {@link ErrorCode#NO_CONSENSUS}. Where the rule or {@code
 * minConfidence} needs probabilities, a model that gives none has failed, and so has one that could
 * not be tried on the {@code goldCabinet}. A row without a decision is an answer, unless the rule
 * or the tie rule hands it to an expert. Thread-safe.
 */
public final class ComparativeEngine implements PatternEngine<ComparativeSpec> {

  /** For the service loader. */
  public ComparativeEngine() {}

  @Override
  public String name() {
    return ComparativeSpec.PATTERN;
  }

  @Override
  public Class<ComparativeSpec> specType() {
    return ComparativeSpec.class;
  }

  @Override
  public void validate(ComparativeSpec spec, Catalog catalog, Violations violations) {
    new ComparativeChecks(spec, catalog, violations).run();
  }

  @Override
  public void validateInput(
      ComparativeSpec spec, Map<String, Tensor> inputData, Catalog catalog, Violations violations) {
    if (spec.usesInputData()) {
      InputDataChecks.requireSome(inputData, violations);
      InputDataChecks.requireNames(inputData, violations);
    } else {
      InputDataChecks.requireNone(inputData, violations);
    }
  }

  @Override
  public Set<String> models(ComparativeSpec spec, Catalog catalog) {
    return new LinkedHashSet<>(spec.modelIds());
  }

  @Override
  public int estimateTasks(ComparativeSpec spec, Catalog catalog) {
    return spec.modelIds().size() * (ComparativeChecks.goldCabinet(spec).isPresent() ? 2 : 1);
  }

  @Override
  public PatternResult execute(ComparativeSpec spec, PatternContext context) {
    requireData(spec, context);
    Consensus consensus = spec.consensus();
    ConsensusRule rule =
        Plugins.required(context.catalog(), ConsensusRule.class, consensus.method());
    List<ModelDescriptor> models =
        spec.modelIds().stream().map(id -> Plugins.model(context.catalog(), id)).toList();
    Classes classes = rule.decidesNumbers() ? Classes.none() : Classes.of(consensus, models);
    int steps = models.size() + 1;
    context.progress(0, steps);
    ModelTasks tasks = new ModelTasks(spec, context, models);
    List<ModelAnswer> answers = votes(spec, rule, tasks, classes);
    Optional<String> gold = ComparativeChecks.goldCabinet(spec);
    if (gold.isPresent()) {
      answers = new GoldTrials(tasks, consensus, classes).weighed(gold.get(), answers);
    }
    context.progress(models.size(), steps);
    if (answers.stream().filter(answer -> answer.vote().isPresent()).count() < 2) {
      return PatternResult.failed(noConsensus(answers));
    }
    PatternResult result =
        decided(rule, learned(consensus, answers), context, BallotBox.of(answers, classes));
    if (result instanceof PatternResult.Completed) {
      context.progress(steps, steps);
    }
    return result;
  }

  private static List<ModelAnswer> votes(
      ComparativeSpec spec, ConsensusRule rule, ModelTasks tasks, Classes classes) {
    Asking asking =
        rule.decidesNumbers()
            ? new NumberAsking()
            : new LabelAsking(
                spec.consensus(),
                classes,
                ComparativeChecks.needsProbabilities(spec, tasks.context().catalog()));
    ModelRuns runs = new ModelRuns(tasks, asking);
    return spec.usesInputData()
        ? runs.onInput()
        : runs.onCabinet(spec.dataSource(), List.of("vote", "label"));
  }

  private static void requireData(ComparativeSpec spec, PatternContext context) {
    if (spec.usesInputData() && context.inputData().isEmpty()) {
      throw new DimException(
          ErrorCode.INVALID_DATA, "inputData: is missing; allowed: the rows to compare on");
    }
    if (ComparativeChecks.nodes(spec).size() > 1 && !spec.usesInputData()) {
      String difference =
          context.record(
              "same-data",
              String.class,
              () -> ComparativeChecks.differingData(spec, context.catalog()).orElse(""));
      if (!difference.isEmpty()) {
        throw new DimException(ErrorCode.INVALID_DATA, "nodes: " + difference);
      }
    }
  }

  /** The consensus with the weights that were learned from rows with known labels, if any were. */
  private static Consensus learned(Consensus consensus, List<ModelAnswer> answers) {
    Map<String, Double> weights = new LinkedHashMap<>();
    answers.forEach(answer -> answer.weight().ifPresent(w -> weights.put(answer.modelId(), w)));
    return weights.isEmpty() ? consensus : consensus.weights(weights);
  }

  private static PatternResult decided(
      ConsensusRule rule, Consensus consensus, PatternContext context, BallotBox box) {
    Ballots ballots = box.ballots();
    double[] weights = rule.weights(ballots, consensus);
    List<Decision> decisions = rule.decide(ballots, consensus);
    Agreement agreement =
        rule.decidesNumbers()
            ? Agreements.ofNumbers(ballots, decisions, consensus)
            : Agreements.ofLabels(ballots, decisions);
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
            .with(rule.details(ballots, consensus)));
  }

  private static ErrorInfo noConsensus(List<ModelAnswer> answers) {
    List<ModelAnswer> failed = answers.stream().filter(a -> a.error().isPresent()).toList();
    return ErrorInfo.of(
        ErrorCode.NO_CONSENSUS,
        "models: %d of %d answered, 2 are needed: %s"
            .formatted(
                answers.size() - failed.size(),
                answers.size(),
                failed.stream().map(ComparativeEngine::failure).collect(Collectors.joining("; "))));
  }

  private static String failure(ModelAnswer answer) {
    ErrorInfo error = answer.error().orElseThrow();
    return answer.modelId() + ": " + error.code() + ": " + error.message();
  }
}
