package io.powernode.dim.server;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Digest;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TraceStatus;
import io.powernode.dim.api.TraceStep;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Tells people what the demo's pipelines came to. */
final class ChainReport {
  private static final int DIGEST_DIGITS = 12;

  private final Report report;

  ChainReport(Report report) {
    this.report = report;
  }

  /**
   * Both pipelines.
   *
   * @param plans the labels of the last model
   */
  void chained(Demo.Chained part, List<String> plans) {
    report.title("3. Chained: normalise, triage, diagnosis, plan; each step feeds the next");
    report.table(trace(part.plan().trace()));
    results(part.patients().ids(), part.plan(), plans);
    report.title("   The same with an appointment; a step fails, is rolled back and tried again");
    report.table(trace(part.appointments().trace()));
    part.appointments().trace().stream()
        .filter(step -> step.error().isPresent())
        .forEach(this::error);
    results(part.patients().ids(), part.appointments(), plans);
    report.line("The hospital's book: %s. It now reads:", String.join(", ", part.history()));
    Table book = new Table("SLOT", "DOCTOR ON DUTY", "STATE");
    part.book().forEach(entry -> book.row(entry.slot(), entry.doctor(), entry.state()));
    report.table(book);
  }

  private static Table trace(List<TraceStep> steps) {
    Table table =
        new Table(">STEP", "NAME", "RUNS", "NODE", "STATUS", ">ATTEMPT", ">MS", "OUTPUT (SHA-256)");
    for (TraceStep step : steps) {
      table.styled(
          style(step.status()),
          step.step(),
          step.name(),
          step.modelId(),
          step.nodeId().orElse("-"),
          step.status().name().toLowerCase(Locale.ROOT),
          step.attempt(),
          step.durationMs(),
          step.outputDigest().map(ChainReport::abbreviated).orElse("-"));
    }
    return table;
  }

  private static String style(TraceStatus status) {
    return switch (status) {
      case DONE -> "";
      case SKIPPED, ROLLED_BACK -> "yellow";
      case FAILED, ROLLBACK_FAILED -> "red";
    };
  }

  private static String abbreviated(Digest digest) {
    return digest.hex().substring(0, DIGEST_DIGITS);
  }

  private void error(TraceStep step) {
    report.line(
        "Step %d (%s) failed in attempt %d: %s",
        step.step(), step.name(), step.attempt(), step.error().orElseThrow().message());
  }

  /** One line a patient: the plan, and whatever else the last step says in words. */
  private void results(List<String> patients, JobResult result, List<String> plans) {
    Map<String, Tensor> output = result.output().tensors();
    double[] plan = Objects.requireNonNull(output.get("plan"), "plan").toDoubles();
    List<List<String>> words =
        output.values().stream()
            .filter(tensor -> tensor.dataType() == DataType.BYTES)
            .map(Tensor::strings)
            .toList();
    for (int i = 0; i < patients.size(); i++) {
      StringBuilder line = new StringBuilder(plans.get((int) plan[i]));
      for (List<String> column : words) {
        line.append(column.get(i).isEmpty() ? "" : ", " + column.get(i));
      }
      report.line("%s: %s", patients.get(i), line);
    }
  }
}
