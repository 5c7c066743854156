package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.ComparativeJobBuilder;
import io.powernode.dim.api.ComparativeSpec;
import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.ReviewTimeoutRule;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.api.TieRule;
import io.powernode.dim.api.Violation;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.ConsensusRule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ComparativeValidationTest {
  private static final Consensus MEAN = Consensus.mean().absoluteTolerance(1);

  private final FakeCatalog catalog =
      new FakeCatalog()
          .model(FakeCatalog.riskModel("ab").withLabels(List.of("a", "b")))
          .model(FakeCatalog.riskModel("ba").withLabels(List.of("b", "a")))
          .model(FakeCatalog.riskModel("abc").withLabels(List.of("a", "b", "c")))
          .model(FakeCatalog.riskModel("open"))
          .model(FakeCatalog.riskModel("more"))
          .model(FakeCatalog.model("unknown", List.of(), List.of()))
          .model(parted())
          .model(
              FakeCatalog.model(
                  "open2d",
                  List.of(TensorSpec.of("x", DataType.FP32, -1, 2)),
                  List.of(TensorSpec.of("y", DataType.FP32, -1, 3))))
          .model(
              FakeCatalog.model(
                  "digits",
                  List.of(TensorSpec.of("x", DataType.FP32, -1, 2)),
                  List.of(TensorSpec.of("y", DataType.INT64, -1))))
          .node("n1", 0.9)
          .node("n2", 0.9)
          .node("n3", 0.9)
          .node("idle", 0.9)
          .maintenance("idle")
          .node("other", 0.9, FakeCatalog.cabinet("patients", "other"))
          .node("without", 0.9, FakeCatalog.cabinet("plants", "x"));

  /** Without labels, but with a place where classes part. */
  private static ModelDescriptor parted() {
    ModelDescriptor model = FakeCatalog.riskModel("parted");
    return new ModelDescriptor(
        model.id(),
        model.artifact(),
        model.signature(),
        model.labels(),
        Optional.of(.3),
        model.licence(),
        true);
  }

  private static ComparativeJobBuilder job(String... models) {
    return JobSpec.comparative(models).node("n1").cabinet("patients");
  }

  private List<Violation> violations(ComparativeJobBuilder job) {
    Violations violations = Violations.none();
    new ComparativeEngine()
        .validate((ComparativeSpec) job.build().config(), catalog, violations.at("config"));
    return violations.list();
  }

  @Test
  void validate_pluginsOptionOfAWrongType_isOneOfAllViolations() {
    catalog.plugin(ConsensusRule.class, new Careless());
    Consensus careless = Consensus.of(Careless.NAME).with("power", "half").with("other", 1);
    assertThat(violations(job("ab", "nowhere").consensus(careless)))
        .extracting(Violation::path)
        .containsExactly("config.modelIds[1]", "config.consensus.other", "config.consensus.power");
  }

  static Stream<ComparativeJobBuilder> sound() {
    return Stream.of(
        job("ab", "ba"),
        job("ab", "open"),
        JobSpec.comparative("ab", "ba"),
        JobSpec.comparative("ab", "ba").nodes("n1", "n2").cabinet("patients"),
        job("ab", "abc").consensus(Consensus.majorityVote().labels("c", "b", "a")),
        job("ab", "ba").consensus(Consensus.weightedVote().weights(Map.of("ab", 2.0))),
        job("ab", "digits"),
        job("ab", "digits").consensus(Consensus.dawidSkene().with("smoothing", .01)),
        job("ab", "ba").consensus(Consensus.meanProbability().weights(Map.of("ab", 2.0))),
        job("ab", "ba").consensus(Consensus.medianProbability().minConfidence(.8)),
        job("ab", "ba").consensus(Consensus.expertReview().minAgreement(.9)),
        job("open", "more").consensus(Consensus.majorityVote().labels("a", "b")),
        job("open", "more").consensus(Consensus.majorityVote().threshold(.3)),
        job("parted", "digits"),
        job("unknown", "open2d"),
        job("open", "digits").consensus(Consensus.mean().absoluteTolerance(0)),
        job("open", "unknown").consensus(Consensus.median().relativeTolerance(.1)),
        job("open", "more")
            .consensus(
                Consensus.weightedMean()
                    .absoluteTolerance(1)
                    .relativeTolerance(.1)
                    .minAgreement(.5)
                    .weights(Map.of("open", 2.0))));
  }

  @ParameterizedTest
  @MethodSource("sound")
  void validate_soundJob_hasNoViolation(ComparativeJobBuilder job) {
    assertThat(violations(job)).isEmpty();
  }

  static Stream<Arguments> unsound() {
    return Stream.of(
        arguments(job("ab", "nowhere"), "config.modelIds[1]: is not a registered model"),
        arguments(job("ab", "abc"), "config.modelIds[1]: has other classes"),
        arguments(
            job("ab", "abc").consensus(Consensus.majorityVote().labels("a", "b")),
            "config.modelIds[1]: has classes that consensus.labels does not have"),
        arguments(
            JobSpec.comparative("ab", "ba").node("idle").cabinet("patients"),
            "config.nodeId: is under maintenance; allowed: a node in service"),
        arguments(
            JobSpec.comparative("ab", "ba").nodes("n1", "idle").cabinet("patients"),
            "config.nodes[1]: is under maintenance"),
        arguments(
            JobSpec.comparative("ab", "ba").node("unknown").cabinet("patients"),
            "config.nodeId: is not a registered node"),
        arguments(
            JobSpec.comparative("ab", "ba").node("without").cabinet("patients"),
            "config.nodeId: does not hold the cabinet patients"),
        arguments(
            JobSpec.comparative("ab", "ba").nodes("n1", "without").cabinet("patients"),
            "config.nodes[1]: does not hold the cabinet patients"),
        arguments(
            JobSpec.comparative("ab", "ba").nodes("n1", "other").cabinet("patients"),
            "config.nodes: hold different data under the name patients: other"),
        arguments(
            JobSpec.comparative("ab", "ba").nodes("n1", "n2", "n3").cabinet("patients"),
            "config.nodes: are more than the models, so that some would run none; allowed: at most"
                + " 2"),
        arguments(
            job("ab", "ba").consensus(Consensus.of("dictatorship")),
            "config.consensus.method: is not a known method; allowed: dawid_skene,"
                + " expert_review, majority_vote, mean, mean_probability, median,"
                + " median_probability, weighted_mean, weighted_vote"),
        arguments(
            job("ab", "abc")
                .consensus(Consensus.meanProbability().labels("c", "b", "a").threshold(.5)),
            "config.consensus.threshold: parts two labels, and there are 3; allowed: left out"),
        arguments(
            job("digits", "open"),
            "config.modelIds[1]: is a regression: it gives one number a row, and nobody declares"
                + " classes; allowed: labels or a threshold in the model or the job, or a method"
                + " for numbers, as mean, weighted_mean and median"),
        arguments(
            job("digits", "open").consensus(Consensus.expertReview().minAgreement(.5)),
            "config.modelIds[1]: is a regression"),
        arguments(
            job("open", "ab").consensus(MEAN),
            "config.modelIds[1]: declares classes, so it gives labels and not numbers; allowed: a"
                + " regression, or a method for labels"),
        arguments(
            job("open", "open2d").consensus(MEAN),
            "config.modelIds[1]: has no output of one number a row"),
        arguments(
            job("open", "more").consensus(Consensus.mean()),
            "config.consensus.absoluteTolerance: is missing, so it is open when numbers agree;"
                + " allowed: 0 or more, or a relativeTolerance"),
        arguments(
            job("open", "more").consensus(Consensus.median().absoluteTolerance(-1)),
            "config.consensus.absoluteTolerance: is out of range; allowed: 0 or more"),
        arguments(
            job("open", "more").consensus(Consensus.mean().with("relativeTolerance", "10 %")),
            "config.consensus.relativeTolerance: has the wrong type; allowed: a number"),
        arguments(
            job("open", "more").consensus(MEAN.tie(TieRule.FIRST)),
            "config.consensus.tie: is given, but numbers do not tie; allowed: left out"),
        arguments(
            job("open", "more").consensus(MEAN.threshold(.5)),
            "config.consensus.threshold: is for labels, not for numbers"),
        arguments(
            job("open", "more").consensus(MEAN.labels("a", "b")),
            "config.consensus.labels: are given, but numbers have none"),
        arguments(
            job("open", "more").consensus(MEAN.weights(Map.of("open", 1.0))),
            "config.consensus.weights: are not used by mean"),
        arguments(
            job("open", "more").consensus(MEAN.minConfidence(.5)),
            "config.consensus.minConfidence: is not an option of this method"),
        arguments(
            job("open", "more")
                .consensus(MEAN.review(Duration.ofHours(1), ReviewTimeoutRule.UNRESOLVED)),
            "config.consensus.reviewTimeout: is given, but nobody is asked"),
        arguments(
            job("ab", "ba").consensus(Consensus.majorityVote().absoluteTolerance(1)),
            "config.consensus.absoluteTolerance: is not an option of this method"),
        arguments(
            job("ab", "ba").consensus(Consensus.majorityVote().weights(Map.of("ab", 1.0))),
            "config.consensus.weights: are not used"),
        arguments(
            job("ab", "digits").consensus(Consensus.meanProbability()),
            "config.modelIds[1]: has no floating-point output"),
        arguments(
            job("digits", "ab").consensus(Consensus.majorityVote().minConfidence(.8)),
            "config.modelIds[0]: has no floating-point output"),
        arguments(
            job("ab", "ba").consensus(Consensus.majorityVote().minConfidence(1.1)),
            "config.consensus.minConfidence: is out of range; allowed: 0 to 1"),
        arguments(
            job("ab", "ba").consensus(Consensus.majorityVote().with("minConfidence", "high")),
            "config.consensus.minConfidence: has the wrong type; allowed: a number"),
        arguments(
            job("ab", "ba").consensus(Consensus.medianProbability().weights(Map.of("ab", 1.0))),
            "config.consensus.weights: are not used by median_probability"),
        arguments(
            job("ab", "ba").consensus(Consensus.dawidSkene().with("smoothing", 0)),
            "config.consensus.smoothing: is out of range; allowed: above 0, to 100"),
        arguments(
            job("ab", "ba").consensus(Consensus.dawidSkene().with("maxIterations", 2.5)),
            "config.consensus.maxIterations: is out of range; allowed: a whole number, 1 to 10000"),
        arguments(
            job("ab", "ba").consensus(Consensus.dawidSkene().with("tolerance", -1)),
            "config.consensus.tolerance: is out of range"),
        arguments(
            job("ab", "ba").consensus(Consensus.dawidSkene().weights(Map.of("ab", 1.0))),
            "config.consensus.weights: are not used by dawid_skene"),
        arguments(
            job("ab", "ba").consensus(Consensus.majorityVote().with("smoothing", 1)),
            "config.consensus.smoothing: is not an option of this method"),
        arguments(
            job("ab", "ba").consensus(Consensus.expertReview()),
            "config.consensus.minAgreement: is missing"));
  }

  @ParameterizedTest
  @MethodSource("unsound")
  void validate_unsoundJob_namesTheFieldAndWhatIsAllowed(
      ComparativeJobBuilder job, String expected) {
    assertThat(violations(job))
        .singleElement()
        .satisfies(
            violation -> {
              assertThat(violation.toString()).startsWith(expected);
              assertThat(violation.code()).isEqualTo(ErrorCode.INVALID_JOB);
            });
  }
}
