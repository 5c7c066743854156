package io.powernode.dim.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.api.BlockResult;
import io.powernode.dim.api.Decision;
import io.powernode.dim.api.DecisionStatus;
import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.Evidence;
import io.powernode.dim.api.JobOutput;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.JobStatus;
import io.powernode.dim.api.JobUpdate;
import io.powernode.dim.api.Metrics;
import io.powernode.dim.api.NodeProgress;
import io.powernode.dim.api.Progress;
import io.powernode.dim.api.Reliability;
import io.powernode.dim.api.ReviewRequest;
import io.powernode.dim.api.RoutedRows;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TraceStatus;
import io.powernode.dim.api.TraceStep;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Results, statuses and updates read exactly as the contract's answers do. */
class ResultJsonTest {

  private static final DimJson JSON = DimJson.standard();
  private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");
  private static final Digest DIGEST = Digest.of(new byte[0]);
  private static final String METADATA =
      ",\"metadata\":{\"nodesUsed\":[\"cleveland\"],\"totalExecutionTime\":182,\"totalCost\":12,"
          + "\"completedAt\":\"2026-01-01T00:00:00Z\"}}";

  @ParameterizedTest(name = "{0}")
  @MethodSource("results")
  void result_ofEachPattern_hasTheContractsForm(
      String pattern, JobOutput output, Evidence evidence, List<TraceStep> trace, String json) {
    JobResult result =
        new JobResult(
            "job-1",
            JobState.COMPLETED,
            output,
            evidence,
            trace,
            new JobResult.Metadata(List.of("cleveland"), 182, 12, TIME));

    assertThat(JSON.writeResult(result))
        .isEqualTo("{\"jobId\":\"job-1\",\"result\":" + json + METADATA);
    assertThat(JSON.readResult(JSON.writeResult(result))).isEqualTo(result);
    assertThat(JSON.decode(JobResult.class, JSON.encode(result))).isEqualTo(result);
  }

  static Stream<Arguments> results() {
    return Stream.of(
        Arguments.of(
            "collaborative",
            JobOutput.ofTensors(Map.of("risk", Tensor.ofDoubles(new double[] {0.4123})), 254),
            Evidence.ofContributions(
                "federated_averaging",
                "mean",
                List.of(
                    new Evidence.Contribution(
                        "cleveland", 0.41, 104, Optional.empty(), true, Optional.empty()),
                    new Evidence.Contribution(
                        "va", 0, 0, Optional.of(0.5), false, Optional.of("late"))),
                new Evidence.QuorumOutcome(4, 4)),
            List.of(),
            "{\"output\":{\"tensors\":[{\"name\":\"risk\",\"datatype\":\"FP64\",\"shape\":[1],"
                + "\"data\":[0.4123]}],\"samples\":254},\"evidence\":{\"method\":"
                + "\"federated_averaging\",\"reduction\":\"mean\",\"contributions\":[{\"nodeId\":"
                + "\"cleveland\",\"weight\":0.41,\"samples\":104,\"accepted\":true},{\"nodeId\":"
                + "\"va\",\"weight\":0.0,\"samples\":0,\"distance\":0.5,\"accepted\":false,"
                + "\"reason\":\"late\"}],\"quorum\":{\"min\":4,\"counted\":4}}}"),
        Arguments.of(
            "comparative",
            JobOutput.ofDecisions(
                List.of(
                    new Decision(
                        "r1",
                        Optional.of("malignant"),
                        0.75,
                        Optional.of(0.93),
                        DecisionStatus.REACHED),
                    new Decision(
                        "r2",
                        Optional.empty(),
                        0.5,
                        Optional.empty(),
                        DecisionStatus.BELOW_AGREEMENT))),
            Evidence.ofVotes(
                "weighted_vote",
                List.of(
                    new Evidence.ModelVotes(
                        "m1", "n1", 1, List.of("malignant", ""), Optional.empty())),
                new Evidence.Agreement(
                    0.75,
                    Optional.of(0.61),
                    Optional.of(0.5),
                    List.of(new Evidence.PairAgreement("m1", "m2", 2, Optional.of(0.5)))),
                List.of()),
            List.of(),
            "{\"output\":{\"decisions\":[{\"row\":\"r1\",\"label\":\"malignant\",\"agreement\":0.75,"
                + "\"confidence\":0.93,\"status\":\"reached\"},{\"row\":\"r2\",\"agreement\":0.5,"
                + "\"status\":\"below_agreement\"}]},\"evidence\":{\"method\":\"weighted_vote\","
                + "\"votes\":[{\"modelId\":\"m1\",\"nodeId\":\"n1\",\"weight\":1.0,"
                + "\"labels\":[\"malignant\",\"\"]}],\"agreement\":{\"mean\":0.75,"
                + "\"fleissKappa\":0.61,\"krippendorffAlpha\":0.5,\"pairs\":[{\"modelId\":\"m1\","
                + "\"otherModelId\":\"m2\",\"rows\":2,\"share\":0.5}]}}}"),
        Arguments.of(
            "reviewed",
            JobOutput.ofDecisions(List.of()),
            Evidence.ofVotes(
                    "expert_review",
                    List.of(),
                    new Evidence.Agreement(0.5, Optional.empty(), Optional.empty(), List.of()),
                    List.of(
                        new Evidence.ReviewRecord(
                            "ada", Instant.EPOCH, List.of("r1", "r2"), Optional.of("biopsy"))))
                .calibrated(
                    List.of(
                        new Evidence.Calibration(
                            Optional.of("m1"),
                            Optional.of(
                                new Reliability(
                                    4,
                                    0.75,
                                    0.85,
                                    0.1,
                                    0.2,
                                    List.of(new Reliability.Bin(0.8, 0.9, 4, 0.85, 0.75)))),
                            Optional.empty()),
                        new Evidence.Calibration(
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of(ErrorInfo.of(ErrorCode.POLICY_DENIED, "kept"))))),
            List.of(),
            "{\"output\":{},\"evidence\":{\"method\":\"expert_review\",\"agreement\":{\"mean\":0.5},"
                + "\"calibration\":[{\"modelId\":\"m1\",\"reliability\":{\"rows\":4,"
                + "\"accuracy\":0.75,\"confidence\":0.85,\"ece\":0.1,\"brier\":0.2,\"bins\":"
                + "[{\"from\":0.8,\"to\":0.9,\"rows\":4,\"confidence\":0.85,"
                + "\"accuracy\":0.75}]}},{\"error\":{\"code\":\"POLICY_DENIED\","
                + "\"message\":\"kept\",\"retryable\":false}}],"
                + "\"reviews\":[{\"reviewer\":\"ada\",\"at\":\"1970-01-01T00:00:00Z\","
                + "\"rows\":[\"r1\",\"r2\"],\"note\":\"biopsy\"}]}}"),
        Arguments.of(
            "regression",
            JobOutput.ofDecisions(
                List.of(
                    Decision.ofValue("r1", Optional.of(1.5), 1, DecisionStatus.REACHED),
                    Decision.ofValue("r2", Optional.empty(), 0, DecisionStatus.ABSTAINED))),
            Evidence.ofVotes(
                "mean",
                List.of(
                    new Evidence.ModelVotes(
                        "m1", "n1", 1, List.of(), List.of(1.5, Double.NaN), Optional.empty())),
                new Evidence.Agreement(1, Optional.empty(), Optional.of(0.5), List.of()),
                List.of()),
            List.of(),
            "{\"output\":{\"decisions\":[{\"row\":\"r1\",\"value\":1.5,\"agreement\":1.0,"
                + "\"status\":\"reached\"},{\"row\":\"r2\",\"agreement\":0.0,"
                + "\"status\":\"abstained\"}]},\"evidence\":{\"method\":\"mean\","
                + "\"votes\":[{\"modelId\":\"m1\",\"nodeId\":\"n1\",\"weight\":1.0,"
                + "\"values\":[1.5,\"NaN\"]}],\"agreement\":{\"mean\":1.0,"
                + "\"krippendorffAlpha\":0.5}}}"),
        Arguments.of(
            "chained",
            JobOutput.ofTensors(Map.of("plan", Tensor.ofStrings(List.of("rest")))),
            Evidence.of("chained"),
            List.of(
                new TraceStep(
                    1,
                    "Triage",
                    "model-triage",
                    Optional.of("node-001"),
                    TraceStatus.DONE,
                    1,
                    3,
                    Optional.of(DIGEST),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(new RoutedRows(2, 7))),
                new TraceStep(
                    2,
                    "Order",
                    "order",
                    Optional.empty(),
                    TraceStatus.ROLLBACK_FAILED,
                    2,
                    0,
                    Optional.empty(),
                    Optional.of(ErrorInfo.of(ErrorCode.NODE_LOST, "gone")),
                    Optional.empty(),
                    Optional.empty()),
                new TraceStep(
                    3,
                    "Opinion",
                    "comparative",
                    Optional.empty(),
                    TraceStatus.DONE,
                    2,
                    4,
                    Optional.of(DIGEST),
                    Optional.empty(),
                    Optional.of(
                        new BlockResult(
                            Optional.of(
                                JobOutput.ofDecisions(
                                    List.of(
                                        new Decision(
                                            "r1",
                                            Optional.of("no"),
                                            1,
                                            Optional.empty(),
                                            DecisionStatus.REACHED)))),
                            Optional.of(Evidence.of("majority_vote")),
                            List.of())),
                    Optional.empty())),
            "{\"output\":{\"tensors\":[{\"name\":\"plan\",\"datatype\":\"BYTES\",\"shape\":[1],"
                + "\"data\":[\"rest\"]}]},\"evidence\":{\"method\":\"chained\"},\"trace\":[{\"step\":"
                + "1,\"name\":\"Triage\",\"modelId\":\"model-triage\",\"nodeId\":\"node-001\","
                + "\"status\":\"done\",\"attempt\":1,\"durationMs\":3,\"outputDigest\":\""
                + DIGEST
                + "\",\"rows\":{\"through\":2,\"of\":7}},{\"step\":2,\"name\":\"Order\",\"modelId\":\"order\",\"status\":"
                + "\"rollback_failed\",\"attempt\":2,\"durationMs\":0,\"error\":{\"code\":"
                + "\"NODE_LOST\",\"message\":\"gone\",\"retryable\":true}},{\"step\":3,"
                + "\"name\":\"Opinion\",\"modelId\":\"comparative\",\"status\":\"done\",\"attempt\":2,"
                + "\"durationMs\":4,\"outputDigest\":\""
                + DIGEST
                + "\",\"block\":{\"output\":{\"decisions\":[{\"row\":\"r1\",\"label\":\"no\","
                + "\"agreement\":1.0,\"status\":\"reached\"}]},\"evidence\":{\"method\":"
                + "\"majority_vote\"}}}]}"),
        Arguments.of(
            "metrics",
            JobOutput.ofMetrics(
                new Metrics(
                    List.of("no", "yes"),
                    List.of(List.of(3L, 1L), List.of(0L, 2L)),
                    5.0 / 6,
                    Optional.of(0.3),
                    Optional.empty(),
                    6)),
            Evidence.of("metrics"),
            List.of(),
            "{\"output\":{\"samples\":6,\"metrics\":{\"labels\":[\"no\",\"yes\"],\"confusion\":"
                + "[[3,1],[0,2]],\"accuracy\":0.8333333333333334,\"logLoss\":0.3,\"samples\":6}},"
                + "\"evidence\":{\"method\":\"metrics\"}}"));
  }

  @Test
  void status_ofARunningJob_hasTheContractsForm() {
    JobStatus status =
        new JobStatus(
            "job-1",
            JobState.RUNNING,
            "chained",
            "alice",
            new Progress(1, 3),
            Optional.of(Duration.ofMillis(44_001)),
            7,
            List.of(
                new NodeProgress("a", NodeProgress.Status.DONE, 12, Optional.empty()),
                new NodeProgress(
                    "b",
                    NodeProgress.Status.FAILED,
                    3,
                    Optional.of(ErrorInfo.of(ErrorCode.POLICY_DENIED, "no")))),
            Optional.empty(),
            Optional.empty(),
            TIME,
            Optional.empty());

    assertThat(JSON.writeStatus(status))
        .isEqualTo(
            "{\"jobId\":\"job-1\",\"status\":\"running\",\"pattern\":\"chained\",\"progress\":{"
                + "\"completedSteps\":1,\"totalSteps\":3,\"percentComplete\":33},"
                + "\"estimatedCompletion\":\"45s\",\"costActual\":7,\"nodes\":[{\"nodeId\":\"a\","
                + "\"status\":\"done\",\"executionTime\":12},{\"nodeId\":\"b\",\"status\":\"failed\","
                + "\"executionTime\":3,\"error\":{\"code\":\"POLICY_DENIED\",\"message\":\"no\","
                + "\"retryable\":false}}],\"userId\":\"alice\","
                + "\"submittedAt\":\"2026-01-01T00:00:00Z\"}");
  }

  @Test
  void status_ofAJobThatWaitsOrFailed_saysForWhatAndWhy() {
    JobStatus waiting =
        status(
            JobState.AWAITING_REVIEW,
            Optional.empty(),
            Optional.of(
                new ReviewRequest(
                    List.of("no", "yes"),
                    List.of(new ReviewRequest.Item("r1", Map.of("m", "no"), 0.5)),
                    Optional.of(Duration.ofHours(1)))));
    JobStatus failed =
        status(
            JobState.FAILED,
            Optional.of(ErrorInfo.of(ErrorCode.QUORUM_NOT_MET, "2 of 3").about("job", "job-1")),
            Optional.empty());

    assertThat(JSON.writeStatus(waiting))
        .contains("\"status\":\"awaiting_review\"")
        .contains("\"nodes\":[]")
        .contains(
            "\"review\":{\"labels\":[\"no\",\"yes\"],\"items\":[{\"row\":\"r1\",\"votes\":{\"m\":"
                + "\"no\"},\"agreement\":0.5}],\"limit\":3600}");
    assertThat(JSON.writeStatus(failed))
        .contains(
            "\"error\":{\"code\":\"QUORUM_NOT_MET\",\"message\":\"2 of 3\",\"retryable\":false,"
                + "\"subject\":{\"job\":\"job-1\"}}")
        .contains("\"endedAt\":\"2026-01-01T00:00:00Z\"");
  }

  private static JobStatus status(
      JobState state, Optional<ErrorInfo> error, Optional<ReviewRequest> review) {
    return new JobStatus(
        "job-1",
        state,
        "comparative",
        "alice",
        Progress.none(),
        Optional.empty(),
        0,
        List.of(),
        error,
        review,
        TIME,
        state.isTerminal() ? Optional.of(TIME) : Optional.empty());
  }

  @Test
  void update_always_hasTheContractsForm() {
    JobUpdate update = new JobUpdate("job-1", 4, JobState.COMPLETED, new Progress(3, 3), TIME);

    assertThat(JSON.writeUpdate(update))
        .isEqualTo(
            "{\"jobId\":\"job-1\",\"status\":\"completed\",\"progress\":{\"completedSteps\":3,"
                + "\"totalSteps\":3,\"percentComplete\":100},"
                + "\"timestamp\":\"2026-01-01T00:00:00Z\"}");
  }

  @Test
  void answer_thatIsOnlyWritten_isNotRead() {
    String json = JSON.writeUpdate(new JobUpdate("j", 1, JobState.PENDING, Progress.none(), TIME));

    assertThatThrownBy(() -> JSON.read(JobUpdate.class, json))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }

  @Test
  void damagedResult_whenRead_namesEveryMistake() {
    assertThatThrownBy(() -> JSON.readResult("{\"jobId\":5,\"result\":{\"output\":{\"x\":1}}}"))
        .isInstanceOf(DimException.class)
        .hasMessageContaining("jobId: is a number")
        .hasMessageContaining("result.output.x: is unknown")
        .hasMessageContaining("result.evidence: is missing")
        .hasMessageContaining("metadata: is missing");
  }

  @Test
  void nonFiniteNumber_inAResult_comesBack() {
    Evidence.Agreement agreement =
        new Evidence.Agreement(Double.NaN, Optional.empty(), Optional.empty(), List.of());

    assertThat(JSON.write(agreement)).isEqualTo("{\"mean\":\"NaN\"}");
    assertThat(JSON.read(Evidence.Agreement.class, JSON.write(agreement))).isEqualTo(agreement);
  }
}
