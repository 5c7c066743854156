package io.powernode.dim.patterns;

import io.powernode.dim.api.ChainedSpec;
import io.powernode.dim.api.CollaborativeSpec;
import io.powernode.dim.api.ComparativeSpec;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.PipelineStep;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What a node's loss of rows means for a pipeline. */
final class LostRows {
  private final PipelineState state;

  LostRows(PipelineState state) {
    this.state = state;
  }

  /**
   * What has to be done again because the rows are lost that a step reads: the steps that made
   * them, from the cabinet on, what came of those, and all that was not done yet. Empty if that
   * would do an effect twice, or the rows are none of this pipeline's.
   */
  Optional<Set<Integer>> again(PipelineStep step) {
    Set<Integer> again = makers(step);
    if (again.isEmpty()) {
      return Optional.empty();
    }
    for (PipelineStep later : state.pipeline()) {
      boolean isNotDone = later.step() >= step.step();
      if (isNotDone || state.plan().reads(later).all().anyMatch(again::contains)) {
        again.add(later.step());
      }
    }
    boolean isSafe =
        state.pipeline().stream()
            .filter(s -> again.contains(s.step()) && s.step() < step.step())
            .filter(s -> state.outputs().containsKey(s.step()))
            .allMatch(LostRows::canBeDoneAgain);
    return isSafe ? Optional.of(again) : Optional.empty();
  }

  /** The steps whose rows stay that a step reads, and those that they are made of. */
  private Set<Integer> makers(PipelineStep step) {
    Set<Integer> makers = new TreeSet<>();
    Deque<PipelineStep> open = new ArrayDeque<>(Set.of(step));
    while (!open.isEmpty()) {
      state
          .plan()
          .reads(open.pop())
          .all()
          .map(number -> state.pipeline().get(number - 1))
          .filter(source -> state.plan().node(source).isPresent())
          .filter(source -> makers.add(source.step()))
          .forEach(open::push);
    }
    return makers;
  }

  private static boolean canBeDoneAgain(PipelineStep step) {
    return step.action().isEmpty() && step.block().map(LostRows::canBeDoneAgain).orElse(true)
        || step.rollback().isPresent();
  }

  /** Of a plugin's pattern nobody here knows what it does. */
  private static boolean canBeDoneAgain(PatternSpec block) {
    return block instanceof ComparativeSpec
        || block instanceof CollaborativeSpec
        || block instanceof ChainedSpec chained
            && chained.pipeline().stream().allMatch(LostRows::canBeDoneAgain);
  }
}
