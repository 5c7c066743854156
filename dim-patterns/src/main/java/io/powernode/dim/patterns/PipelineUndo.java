package io.powernode.dim.patterns;

import io.powernode.dim.api.PipelineStep;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.RollbackOutcome;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which steps of a pipeline can be undone, and their undoing. Not thread-safe. */
final class PipelineUndo {
  private final PatternContext context;
  private final PipelineTrace trace;
  private final Duration limit;
  private final Map<String, Undoing> undoable = new HashMap<>();

  /** A step that can be undone, and the attempt that it was part of. */
  private record Undoing(PipelineStep step, int attempt) {}

  PipelineUndo(PatternContext context, PipelineTrace trace, Duration limit) {
    this.context = context;
    this.trace = trace;
    this.limit = limit;
  }

  /** What runs next under {@code key} can be undone: a block, or a task with a compensation. */
  void add(String key, PipelineStep step, int attempt) {
    undoable.put(key, new Undoing(step, attempt));
  }

  /**
   * Undoes what steps did, in this attempt and, for an earlier step that kept its answer until now,
   * in the one that it was part of.
   *
   * @param key of the rollback
   */
  List<RollbackOutcome> rollBack(Set<Integer> steps, String key) {
    Set<String> undoes = new HashSet<>();
    undoable.forEach(
        (task, undoing) -> {
          if (steps.contains(undoing.step().step())) {
            undoes.add(task);
          }
        });
    List<RollbackOutcome> outcomes = context.rollback(key, undoes, limit);
    for (RollbackOutcome outcome : outcomes) {
      String task = keyOf(outcome);
      Undoing undoing = Lookup.in(undoable, task);
      String name = undoing.step().name() + partOf(outcome, task);
      trace.addRollback(undoing.step(), name, undoing.attempt(), outcome);
    }
    return outcomes;
  }

  /** What a compensation was to undo, as people know it. */
  String label(RollbackOutcome outcome) {
    String key = keyOf(outcome);
    return StepInputs.label(Lookup.in(undoable, key).step()) + partOf(outcome, key);
  }

  /** The key of the step that a compensation undoes, or a part of. */
  private String keyOf(RollbackOutcome outcome) {
    String key = outcome.undoes();
    while (!undoable.containsKey(key) && key.contains("/")) {
      key = key.substring(0, key.lastIndexOf('/'));
    }
    return key;
  }

  private static String partOf(RollbackOutcome outcome, String key) {
    return outcome.undoes().equals(key) ? "" : ", " + outcome.undoes().substring(key.length() + 1);
  }
}
