package io.powernode.dim.patterns;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.DecisionStatus;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.Evidence.Calibration;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Reliability;
import io.powernode.dim.spi.ConsensusRule;
import io.powernode.dim.spi.ConsensusRule.Ballots;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Judges confidences on rows with known labels, which stay where they are: the models' on their
 * nodes, and the consensus' by sending there what was decided. What cannot be judged is told, and
 * fails nothing.
 *
 * @param cabinet that has the labels
 * @param consensus with the weights that were learned
 */
record Calibrating(
    String cabinet, ModelRuns runs, ConsensusRule rule, Consensus consensus, Classes classes) {

  /** What was decided of which votes. */
  record Decided(Ballots ballots, List<Decision> decisions) {}

  /**
   * One table for each model and one for the consensus, or why there is none.
   *
   * @param own the job's decisions, if they are about the cabinet's rows
   * @param difference why the nodes' rows are not the same, if they are not
   */
  List<Calibration> all(Optional<Decided> own, Optional<String> difference) {
    List<Calibration> calibrations = new ArrayList<>();
    Map<String, TaskResult> results =
        tasks().run("calibration", tasks().models(), (task, model) -> judging(task, spec(model)));
    for (ModelDescriptor model : tasks().models()) {
      TaskResult result = Lookup.in(results, model.id());
      calibrations.add(calibration(Optional.of(model.id()), () -> reliability(result)));
    }
    calibrations.add(
        difference
            .map(how -> ErrorInfo.of(ErrorCode.INVALID_DATA, "calibration: nodes " + how))
            .map(why -> failed(Optional.empty(), why))
            .orElseGet(() -> ofConsensus(own)));
    return calibrations;
  }

  private ModelTasks tasks() {
    return runs.tasks();
  }

  private ReductionSpec spec(ModelDescriptor model) {
    return new ReductionSpec(CalibrationReduction.NAME, classes.reading(model, consensus));
  }

  private Task judging(Task task, ReductionSpec spec) {
    return task.input(TaskInput.Cabinet.named(cabinet)).reduce(spec);
  }

  /** Only what is made of answers may fail here: the context's own exceptions must pass. */
  private static Calibration calibration(Optional<String> modelId, Supplier<Reliability> made) {
    try {
      return new Calibration(modelId, Optional.of(made.get()), Optional.empty());
    } catch (DimException e) {
      return failed(modelId, e.info());
    }
  }

  private static Calibration failed(Optional<String> modelId, ErrorInfo why) {
    return new Calibration(modelId, Optional.empty(), Optional.of(why));
  }

  private static Reliability reliability(TaskResult result) {
    if (result instanceof TaskResult.Success success) {
      return ReliabilityTally.of(new Partial(success.outputs(), success.samples())).reliability();
    }
    throw new DimException(((TaskResult.Failure) result).error());
  }

  private Calibration ofConsensus(Optional<Decided> own) {
    List<ModelAnswer> answers =
        own.isPresent()
            ? List.of()
            : runs.onCabinet(cabinet, List.of("calibration-vote", "calibration-label"));
    Decided decided;
    try {
      decided = confident(own.isPresent() ? own.get() : decided(answers));
    } catch (DimException e) {
      return failed(Optional.empty(), e.info());
    }
    TaskResult result = tasks().context().run(task(decided));
    return calibration(
        Optional.empty(),
        () -> {
          Reliability reliability = reliability(result);
          if (reliability.rows() != decided.decisions().size()) {
            throw new DimException(
                ErrorCode.INVALID_DATA, "calibration: other rows were judged than decided");
          }
          return reliability;
        });
  }

  private Decided decided(List<ModelAnswer> given) {
    List<ModelAnswer> answers = BallotBox.linedUp(given);
    BallotBox.tooFew(answers)
        .ifPresent(
            why -> {
              throw new DimException(why);
            });
    Ballots ballots = BallotBox.of(answers, classes).ballots();
    return new Decided(ballots, rule.decide(ballots, consensus));
  }

  private static Decided confident(Decided decided) {
    List<Decision> decisions =
        decided.decisions().stream()
            .filter(d -> d.status() == DecisionStatus.REACHED && d.confidence().isPresent())
            .toList();
    if (decisions.isEmpty()) {
      throw new DimException(
          ErrorCode.INVALID_DATA,
          "calibration: no decision has a confidence; allowed: models whose probabilities the"
              + " owner's policy lets out");
    }
    return new Decided(decided.ballots(), decisions);
  }

  /** On the node of the first model that voted; the model itself is not run. */
  private Task task(Decided decided) {
    String first = decided.ballots().ballots().get(0).modelId();
    ModelDescriptor model =
        tasks().models().stream().filter(m -> m.id().equals(first)).findFirst().orElseThrow();
    return judging(
        tasks().task("consensus-calibration", model),
        DecisionCalibrationReduction.spec(
            decided.ballots().labels(),
            decided.decisions().stream().map(Decision::row).toList(),
            decided.decisions().stream().map(d -> d.label().orElseThrow()).toList(),
            decided.decisions().stream().map(d -> d.confidence().orElseThrow()).toList()));
  }
}
