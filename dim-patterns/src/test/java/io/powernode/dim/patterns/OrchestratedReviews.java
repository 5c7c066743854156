package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.ComparativeJobBuilder;
import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Review;
import io.powernode.dim.api.ReviewTimeoutRule;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.testkit.EngineCrashHarness;
import io.powernode.dim.testkit.EngineCrashHarness.Report;
import io.powernode.dim.testkit.FakeModels;
import io.powernode.dim.testkit.FakeNode;
import io.powernode.dim.testkit.FakeProfile;
import io.powernode.dim.testkit.Reply;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Reviews in parts, on the real orchestrator, killed before and after each of its commits. */
public abstract class OrchestratedReviews extends OrchestratedSuite {
  private static final List<String> LABELS = List.of("benign", "malignant");
  private static final List<String> ROWS = List.of("w", "x", "y", "z");
  static final Duration HOUR = Duration.ofHours(1);

  /** The models agree on the first row only. */
  static FakeNode node(Environment env) {
    return new FakeNode(
            FakeProfile.of("a")
                .formats(FakeModels.FORMAT)
                .dataSet(FakeCatalog.cabinet("patients", "same"))
                .build(),
            env)
        .on("m1", Reply.answer(votes("benign", "benign", "benign", "benign")))
        .on("m2", Reply.answer(votes("benign", "malignant", "malignant", "malignant")));
  }

  private static Map<String, Tensor> votes(String... labels) {
    Map<String, Tensor> votes = new LinkedHashMap<>();
    votes.put("row_ids", Tensor.ofStrings(ROWS));
    votes.put("labels", Tensor.ofStrings(List.of(labels)));
    return votes;
  }

  static ModelDescriptor model(String id) {
    return FakeModels.model(
            id,
            new Signature(
                List.of(TensorSpec.of("x", DataType.FP64, -1, 1)),
                List.of(TensorSpec.of("risk", DataType.FP64, -1, 1))))
        .withLabels(LABELS);
  }

  static JobSpec job(ReviewTimeoutRule rule) {
    ComparativeJobBuilder job =
        JobSpec.comparative("m1", "m2")
            .node("a")
            .cabinet("patients")
            .consensus(Consensus.expertReview().minAgreement(.9).review(HOUR, rule));
    return job.build();
  }

  static Review review(String reviewer, String row, String label) {
    return new Review(reviewer, Map.of(row, label), Optional.of("by " + reviewer));
  }

  @Test
  void comparative_crashedAnywhere_isReviewedRowByRow() {
    Report report =
        onStore(EngineCrashHarness.of(job(ReviewTimeoutRule.FAIL)))
            .model(model("m1"))
            .model(model("m2"))
            .node(OrchestratedReviews::node)
            .expert(
                request -> {
                  String row = request.items().get(0).row();
                  return review("Dr. " + row, row, LABELS.get(request.items().size() % 2));
                })
            .run();
    assertThat(report.outcome().state()).isEqualTo(JobState.COMPLETED);
    assertThat(report.outcome().output().orElseThrow().decisions())
        .extracting(d -> d.row() + " " + d.label().orElse("-") + " " + d.status())
        .containsExactly(
            "w benign REACHED",
            "x malignant REVIEWED",
            "y benign REVIEWED",
            "z malignant REVIEWED");
    assertThat(report.outcome().evidence().orElseThrow().reviews())
        .extracting(r -> r.reviewer() + r.rows() + r.note().orElse(""))
        .containsExactly("Dr. x[x]by Dr. x", "Dr. y[y]by Dr. y", "Dr. z[z]by Dr. z");
    assertThat(report.crashes()).isPositive();
  }
}
