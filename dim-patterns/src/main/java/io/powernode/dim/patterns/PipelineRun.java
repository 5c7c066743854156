package io.powernode.dim.patterns;

import io.powernode.dim.api.ChainedSpec;
import io.powernode.dim.api.JobOutput;
import io.powernode.dim.api.PipelineStep;
import io.powernode.dim.api.TraceStep;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.RollbackOutcome;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** One job's way through its pipeline. Not thread-safe. */
final class PipelineRun {
  private final PipelineState state;
  private final StepRunner runner;
  private int attempt;

  PipelineRun(ChainedSpec spec, PatternContext context) {
    this.state = PipelineState.of(spec, context);
    this.runner = new StepRunner(state);
  }

  /** The steps from number {@code first} on. */
  Set<Integer> from(int first) {
    return IntStream.rangeClosed(first, state.pipeline().size())
        .boxed()
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Runs these steps as a new attempt; the others keep their answers. */
  PipelineEnd attempt(Set<Integer> steps) {
    attempt++;
    state.outputs().keySet().removeAll(steps);
    int total = state.pipeline().size();
    for (PipelineStep step : state.pipeline()) {
      if (steps.contains(step.step())) {
        state.context().progress(step.step() - 1, total);
        Optional<PipelineEnd> end = runner.run(step, attempt);
        if (end.isPresent()) {
          return end.get();
        }
      }
    }
    state.context().progress(total, total);
    return new PipelineEnd.Answered();
  }

  /**
   * Undoes what these steps did.
   *
   * @param name that no other rollback of this attempt has
   */
  List<RollbackOutcome> rollBack(Set<Integer> steps, String name) {
    return state.undo().rollBack(steps, "a" + attempt + "/" + name);
  }

  /** What a compensation was to undo, as people know it. */
  String undone(RollbackOutcome outcome) {
    return state.undo().label(outcome);
  }

  /**
   * What has to be done again because the rows are lost that a step reads, see {@link LostRows}.
   */
  Optional<Set<Integer>> again(PipelineStep step) {
    return new LostRows(state).again(step);
  }

  /** Everything that ended so far, in that order. */
  List<TraceStep> trace() {
    return state.trace().steps();
  }

  /** What the last step answered that was not skipped and whose rows do not stay. */
  JobOutput answer() {
    return state.outputs().entrySet().stream()
        .filter(output -> output.getValue().answer().isPresent())
        .max(Comparator.comparing(Map.Entry::getKey))
        .flatMap(output -> output.getValue().answer())
        .orElseGet(() -> JobOutput.ofTensors(Map.of()));
  }
}
