package io.powernode.dim.core;

import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.spi.NodeSet;
import io.powernode.dim.spi.PatternContext.ReviewAnswer;
import io.powernode.dim.spi.RollbackOutcome;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a journal keeps under a step's name. */
sealed interface Fact {

  /**
   * How a task ended.
   *
   * @param mayHaveActed whether an effect took place, or may have: also when the last attempt
   *     failed, but an earlier one was lost on its way
   */
  record Answer(TaskResult result, boolean mayHaveActed) implements Fact {}

  /** That an effectful task is about to be sent, where, and as which attempt. */
  record Intent(String nodeId, int attempt) implements Fact {}

  /** Which nodes were chosen, or why none were. */
  record Nodes(NodeSet chosen, Optional<ErrorInfo> refusal) implements Fact {}

  /** Which tasks of a group counted, by full step name, and which had not answered. */
  record Group(List<String> counted, List<String> late) implements Fact {
    public Group {
      counted = List.copyOf(counted);
      late = List.copyOf(late);
    }
  }

  /** What an expert decided, or that the time ran out. */
  record Reviewed(ReviewAnswer answer) implements Fact {}

  /** A value that an engine wanted kept, as JSON. */
  record Noted(String json) implements Fact {}

  /**
   * How a step is to be undone.
   *
   * @param order compensations run in the reverse of it
   * @param undoes the full step name of the task that is undone
   * @param task with its full step name
   */
  record Undo(int order, String undoes, Task task) implements Fact {}

  /**
   * How much time is left of a rollback that is under way: of that, and of no more, a next owner
   * has the use.
   */
  record RollbackTime(Duration left) implements Fact {}

  /**
   * What became of the compensations that were due.
   *
   * @param considered the full step names of all compensations that this rollback settled, those
   *     that were not due included
   */
  record Undone(List<RollbackOutcome> outcomes, List<String> considered) implements Fact {
    public Undone {
      outcomes = List.copyOf(outcomes);
      considered = List.copyOf(considered);
    }
  }
}
