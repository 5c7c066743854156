package io.powernode.dim.benchmarks;

import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;

/** What can be measured: one constant for each word after {@code ./dim bench}. */
enum Suite {
  /** What orchestrating costs beside the work, and many jobs at once. */
  OVERHEAD(effort -> OverheadPlan.plan()),
  /** What a node, and an orchestrator before it, add to ONNX Runtime. */
  INFERENCE(effort -> InferencePlan.plan()),
  /** Choosing nodes among few and many. */
  SELECTION(effort -> SelectionPlan.plan()),
  /** Making one answer of many nodes' numbers. */
  AGGREGATION(effort -> AggregationPlan.plan()),
  /** A model over all rows of a file. */
  ROWS(effort -> RowsPlan.plan()),
  /** What it costs to lose nothing. */
  DURABLE(DurablePlan::plan);

  private final Function<Effort, Plan> plan;

  Suite(Function<Effort, Plan> plan) {
    this.plan = plan;
  }

  /** Its word on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Measures it.
   *
   * @param progress hears what is being measured
   */
  Report run(Effort effort, LocalDate date, Consumer<String> progress) {
    MachineFacts machine = MachineFacts.gather();
    Plan todo = plan.apply(effort);
    List<Round> rounds = new Measuring(effort, progress).take(todo.measures());
    return new Report(
        toString(),
        date.toString(),
        effort.isSmoke(),
        effort.rounds(),
        machine,
        todo.measures().stream().map(measure -> Report.Figure.of(measure.id(), rounds)).toList(),
        todo.targets().stream().map(t -> Report.Outcome.of(t.verdict(rounds))).toList());
  }
}
