package io.powernode.dim.patterns;

import io.powernode.dim.api.ComparativeSpec;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.PipelineStep;
import io.powernode.dim.api.RoutedRows;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Block;
import io.powernode.dim.spi.BlockOutcome;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.TensorDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Runs steps that are patterns themselves. Not thread-safe. */
final class BlockRunner {
  private final PipelineState state;
  private final StepSources sources;
  private final StepInputs inputs;
  private final StepConditions conditions;

  BlockRunner(PipelineState state, StepInputs inputs, StepConditions conditions) {
    this.state = state;
    this.sources = new StepSources(state.context().catalog());
    this.inputs = inputs;
    this.conditions = conditions;
  }

  /** Runs a block; answers why the pipeline cannot go on after it, if so. */
  Optional<PipelineEnd> run(StepRun run, PatternSpec block) {
    PipelineStep step = run.step();
    Map<String, Tensor> data = new LinkedHashMap<>();
    Routing routing = Routing.none();
    try {
      if (sources.readsSource(step)) {
        data.putAll(inputs.of(step, Optional.empty()));
      }
      if (step.rows().isPresent()) {
        routing = routing(run, data);
      }
      if (routing.isIdle()) {
        state.answered(run, StepOutput.of(routing.passing(BlockTensors.OF_DECISIONS)));
        state.trace().addSkipped(run, routing.counts());
        return Optional.empty();
      }
    } catch (DimException unfit) {
      return Optional.of(new PipelineEnd.Failed(step, state.refused(run, unfit.info())));
    }
    state.undo().add(run.key(), step, run.attempt());
    BlockOutcome outcome =
        state
            .context()
            .child(
                run.key(),
                new Block(block, routing.select(data, Optional.empty()), step.timeout()));
    return outcome.result() instanceof PatternResult.AwaitingReview
        ? Optional.of(new PipelineEnd.Waiting())
        : answered(run, outcome, routing);
  }

  /** Rows keep their names, for whoever reviews only some of them. */
  private Routing routing(StepRun run, Map<String, Tensor> data) {
    int rows = Routing.rows(data, Optional.empty());
    data.computeIfAbsent(RowPartials.ROW_IDS, name -> Tensor.ofStrings(RowPartials.numbered(rows)));
    return new Routing(
        conditions.route(run.step(), rows),
        PassBy.ofVote(run.step(), Lookup.in(data, RowPartials.ROW_IDS), state.outputs()));
  }

  private Optional<PipelineEnd> answered(StepRun run, BlockOutcome outcome, Routing routing) {
    Optional<RoutedRows> rows = routing.counts();
    if (outcome.result() instanceof PatternResult.Failed failure) {
      state.trace().addBlock(run, outcome, Optional.empty(), rows);
      return Optional.of(new PipelineEnd.Failed(run.step(), failure.error()));
    }
    PatternResult.Completed completed = (PatternResult.Completed) outcome.result();
    StepOutput answer = answer(run, completed);
    try {
      state.answered(
          run, rows.isPresent() ? StepOutput.of(routing.merge(answer.tensors())) : answer);
    } catch (DimException unfit) {
      PatternResult failed = PatternResult.failed(unfit.info(), completed.trace());
      return answered(run, new BlockOutcome(failed, outcome.durationMs()), routing);
    }
    state.trace().addBlock(run, outcome, Optional.of(TensorDigest.of(answer.tensors())), rows);
    return Optional.empty();
  }

  private static StepOutput answer(StepRun run, PatternResult.Completed completed) {
    return run.step().block().orElseThrow() instanceof ComparativeSpec
        ? StepOutput.ofVote(completed.output())
        : StepOutput.of(completed.output());
  }
}
