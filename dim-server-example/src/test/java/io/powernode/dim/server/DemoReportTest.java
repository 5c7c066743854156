package io.powernode.dim.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.Decision;
import io.powernode.dim.api.DecisionStatus;
import io.powernode.dim.api.Evidence;
import io.powernode.dim.api.JobOutput;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.Metrics;
import io.powernode.dim.api.Tensor;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

/** What is printed are the results' numbers, whatever they are. */
class DemoReportTest {
  private final StringWriter out = new StringWriter();
  private final DemoReport report = new DemoReport(new Report(new PrintWriter(out), Ansi.OFF));

  private List<String> lines() {
    return out.toString().lines().map(line -> line.strip().replaceAll(" +", " ")).toList();
  }

  private static JobResult result(JobOutput output, Evidence evidence) {
    return new JobResult(
        "job-1",
        JobState.COMPLETED,
        output,
        evidence,
        List.of(),
        new JobResult.Metadata(List.of(), 1, 1, Instant.EPOCH));
  }

  private static Metrics metrics(long wrong, double loss, double auc) {
    return new Metrics(
        List.of("no", "yes"),
        List.of(List.of(5L, wrong), List.of(0L, 3L)),
        0.875,
        Optional.of(loss),
        Optional.of(auc),
        9);
  }

  @Test
  void differences_always_areBetweenTheFederatedAndThePooledNumbers() {
    JobResult mean =
        result(
            JobOutput.ofTensors(Map.of("risk", Tensor.ofDoubles(new double[] {0.25})), 9),
            Evidence.ofContributions(
                "federated_averaging",
                "mean",
                List.of(
                    new Evidence.Contribution(
                        "a", 0.75, 6, Optional.of(0.5), true, Optional.empty()),
                    new Evidence.Contribution(
                        "b", 0, 0, Optional.empty(), false, Optional.of("late"))),
                new Evidence.QuorumOutcome(1, 1)));
    JobResult metrics = result(JobOutput.ofMetrics(metrics(1, 0.5, 0.75)), Evidence.of("metrics"));
    report.collaborative(
        new Demo.Collaborative(mean, metrics, new OnePlace(9, 0.5, metrics(2, 0.5, 0.875))));
    assertThat(lines())
        .contains(
            "a 6 0.7500 0.5000",
            "b 0 0.0000 -",
            "patients 9 9 0",
            "mean risk 0.2500000000 0.5000000000 2.5e-01",
            "log loss 0.5000000000 0.5000000000 0",
            "AUC 0.7500000000 0.8750000000 1.3e-01",
            "no called yes 1 2 1",
            "yes called yes 3 3 0");
  }

  @Test
  void votes_always_areHeldAgainstTheTruth() {
    List<Decision> decisions =
        List.of(
            new Decision("r1", Optional.of("yes"), 1, Optional.empty(), DecisionStatus.REACHED),
            new Decision("r2", Optional.of("no"), 0.6, Optional.empty(), DecisionStatus.REACHED),
            new Decision("r3", Optional.empty(), 0.5, Optional.empty(), DecisionStatus.TIE));
    Evidence evidence =
        Evidence.ofVotes(
            "weighted_vote",
            List.of(
                new Evidence.ModelVotes(
                    "m1", "n", 0.6, List.of("yes", "no", "no"), Optional.empty()),
                new Evidence.ModelVotes(
                    "m2", "n", 0.4, List.of("yes", "yes", "yes"), Optional.empty())),
            new Evidence.Agreement(0.7, Optional.empty(), Optional.empty(), List.of()),
            List.of());
    report.comparative(
        new Demo.Comparative(
            result(JobOutput.ofDecisions(decisions), evidence),
            new DemoRows(List.of("r3", "r2", "r1"), List.of("no", "yes", "yes"), List.of())));
    assertThat(lines())
        .contains(
            "m1 0.600 0.6667 2 of 3",
            "m2 0.400 0.6667 2 of 3",
            "weighted vote 0.3333 1 of 3",
            "Mean agreement 0.7000, Fleiss' kappa undefined. Unanimous on 1 of 3 patients; disputed"
                + " are:",
            "r2 no yes no 0.6000 yes wrong",
            "r3 no yes none 0.5000 no wrong")
        .noneMatch(line -> line.startsWith("r1 "));
  }
}
