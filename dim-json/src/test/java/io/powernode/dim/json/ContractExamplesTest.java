package io.powernode.dim.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.powernode.dim.api.Aggregation;
import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.DataRequirements;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorHandling;
import io.powernode.dim.api.InvalidJobException;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.OnFailure;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.Priority;
import io.powernode.dim.api.Quorum;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.ReviewTimeoutRule;
import io.powernode.dim.api.Rollback;
import io.powernode.dim.api.Rounds;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TieRule;
import io.powernode.dim.api.TimeRange;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The submit bodies of the public contract mean what the fluent builders say. */
class ContractExamplesTest {

  private static final DimJson JSON = DimJson.standard();

  private static final String COLLABORATIVE =
      """
      {"pattern":"collaborative","config":{"modelId":"model-abc123","nodes":["node-001","node-002"],
       "dataRequirements":{"type":"medical","minSamples":100,"timeRange":"2024-01-01/2024-12-31"},
       "aggregation":{"method":"federated_averaging"%s},
       "reputationMin":0.85,"timeout":120},"priority":"normal","maxCost":5000}
      """;

  @ParameterizedTest(name = "{0}")
  @MethodSource("bodies")
  void submitBody_readAndWritten_equalsTheBuilders(String name, String body, JobSpec expected) {
    JobSpec read = JSON.readJob(body);

    assertThat(read).isEqualTo(expected);
    assertThat(JSON.readJob(JSON.writeJob(read))).isEqualTo(expected);
    assertThat(JSON.decode(JobSpec.class, JSON.encode(read))).isEqualTo(expected);
  }

  static Stream<Arguments> bodies() {
    return Stream.of(
        Arguments.of(
            "collaborative",
            COLLABORATIVE.formatted(""),
            JobSpec.collaborative("model-abc123")
                .nodes("node-001", "node-002")
                .nodes(
                    need ->
                        need.dataType("medical")
                            .minSamples(100)
                            .timeRange(TimeRange.parse("2024-01-01/2024-12-31"))
                            .reputationAtLeast(0.85))
                .maxCost(5000)
                .build()),
        Arguments.of(
            "comparative",
            """
            {"pattern":"comparative","config":{"modelIds":["model-001","model-002","model-003"],
             "nodeId":"node-001","dataSource":"cabinet-abc123",
             "consensus":{"method":"weighted_vote","minAgreement":0.75},"timeout":120}}
            """,
            JobSpec.comparative("model-001", "model-002", "model-003")
                .node("node-001")
                .cabinet("cabinet-abc123")
                .consensus(Consensus.weightedVote().minAgreement(0.75))
                .build()),
        Arguments.of(
            "chained",
            """
            {"pattern":"chained","config":{"pipeline":[
              {"step":1,"name":"Triage","modelId":"model-triage","nodeId":"node-001",
               "inputSource":"client_data","timeout":60},
              {"step":2,"name":"Diagnosis","modelId":"model-diagnosis","nodeId":"node-001",
               "inputSource":"step_1_output","timeout":120}],
             "errorHandling":{"onFailure":"rollback_and_retry","maxRetries":2}}}
            """,
            JobSpec.chained()
                .step("Triage", "model-triage", s -> s.node("node-001").timeout(seconds(60)))
                .step("Diagnosis", "model-diagnosis", s -> s.node("node-001").timeout(seconds(120)))
                .onFailure(ErrorHandling.rollbackAndRetry(2))
                .build()),
        Arguments.of(
            "collaborative with everything",
            """
            {"pattern":"collaborative","config":{"modelId":"m","nodes":["a","b","c"],
             "dataRequirements":{"location":"Bern","maxNodes":3},"cabinet":"patients",
             "reduction":{"method":"histogram","edges":[0,0.5,1]},
             "aggregation":{"method":"trimmed_mean","trim":0.1},
             "quorum":{"min":2,"graceSeconds":1.5},"weights":{"a":1,"b":2.5},"normClip":4.5},
             "timeout":0.25,"priority":"high","idempotencyKey":"k-1","purpose":"research"}
            """,
            JobSpec.collaborative("m")
                .nodes("a", "b", "c")
                .nodes(need -> need.location("Bern").atMost(3))
                .cabinet("patients")
                .reduce(ReductionSpec.of("histogram").with("edges", List.of(0, 0.5, 1)))
                .aggregate(Aggregation.trimmedMean(0.1))
                .quorum(Quorum.atLeast(2).grace(Duration.ofMillis(1500)))
                .weight("a", 1)
                .weight("b", 2.5)
                .normClip(4.5)
                .timeout(Duration.ofMillis(250))
                .priority(Priority.HIGH)
                .idempotencyKey("k-1")
                .purpose("research")
                .build()),
        Arguments.of(
            "collaborative in rounds, as the contract has them",
            """
            {"pattern":"collaborative","config":{"modelId":"m",
             "rounds":{"max":30,"optimizer":"fedadam","tolerance":1e-6}},
             "inputData":[{"name":"w","datatype":"FP64","shape":[2],"data":[0,0]}]}
            """,
            JobSpec.collaborative("m")
                .rounds(Rounds.fedAdam(30).tolerance(1e-6))
                .input("w", Tensor.ofDoubles(new double[2]))
                .build()),
        Arguments.of(
            "collaborative in rounds with everything",
            """
            {"pattern":"collaborative","config":{"modelId":"m","nodes":["a","b"],
             "rounds":{"max":9,"updates":{"w":{"gradient":"g","hessian":"h"},
              "intercept":{"value":"trained"}},"learning_rate":0.5,"momentum":0.25}},
             "inputData":[{"name":"w","datatype":"FP64","shape":[2],"data":[0.5,1]}]}
            """,
            JobSpec.collaborative("m")
                .nodes("a", "b")
                .rounds(
                    Rounds.fedAvg(9)
                        .update("w", Rounds.Update.gradient("g").hessian("h"))
                        .update("intercept", Rounds.Update.value("trained"))
                        .with("learningRate", 0.5)
                        .with("momentum", 0.25))
                .input("w", Tensor.ofDoubles(new double[] {0.5, 1}))
                .build()),
        Arguments.of(
            "comparative on input data with everything",
            """
            {"pattern":"comparative","config":{"modelIds":["m1","m2"],"nodes":["a","b"],
             "dataSource":"input","consensus":{"method":"expert_review","minAgreement":0.5,
             "weights":{"m1":2},"tie":"expert","threshold":0.4,"labels":["no","yes"],
             "reviewTimeout":3600,"onReviewTimeout":"fail","cautious":true}},
             "inputData":[{"name":"input","datatype":"FP32","shape":[2,3],
                           "data":[0.1,0.2,0.3,1,2,3]}]}
            """,
            JobSpec.comparative("m1", "m2")
                .nodes("a", "b")
                .consensus(
                    new Consensus(
                        "expert_review",
                        Optional.of(0.5),
                        Map.of("m1", 2.0),
                        TieRule.EXPERT,
                        Optional.of(0.4),
                        List.of("no", "yes"),
                        Optional.of(seconds(3600)),
                        ReviewTimeoutRule.FAIL,
                        Options.none().with("cautious", true)))
                .input("input", Tensor.ofFloats(new float[] {0.1f, 0.2f, 0.3f, 1, 2, 3}, 2, 3))
                .build()),
        Arguments.of(
            "comparative with a method's options",
            """
            {"pattern":"comparative","config":{"modelIds":["m1","m2"],"nodeId":"n",
             "dataSource":"patients","consensus":{"method":"dawid_skene","minConfidence":0.8,"max_iterations":50,
             "smoothing":0.01}}}
            """,
            JobSpec.comparative("m1", "m2")
                .node("n")
                .cabinet("patients")
                .consensus(
                    Consensus.dawidSkene()
                        .minConfidence(0.8)
                        .with("maxIterations", 50)
                        .with("smoothing", 0.01))
                .build()),
        Arguments.of(
            "comparative of regressions",
            """
            {"pattern":"comparative","config":{"modelIds":["m1","m2"],"nodeId":"n",
             "dataSource":"patients","consensus":{"method":"weighted_mean","weights":{"m1":2},"minAgreement":0.5,
             "absoluteTolerance":0.5,"relative_tolerance":0.1}}}
            """,
            JobSpec.comparative("m1", "m2")
                .node("n")
                .cabinet("patients")
                .consensus(
                    Consensus.weightedMean()
                        .weights(Map.of("m1", 2.0))
                        .minAgreement(0.5)
                        .absoluteTolerance(0.5)
                        .relativeTolerance(0.1))
                .build()),
        Arguments.of(
            "comparative with a calibration",
            """
            {"pattern":"comparative","config":{"modelIds":["m1","m2"],"nodeId":"n",
             "dataSource":"patients","consensus":{"method":"weighted_vote","goldCabinet":"known",
             "calibration":"known"}}}
            """,
            JobSpec.comparative("m1", "m2")
                .node("n")
                .cabinet("patients")
                .consensus(
                    Consensus.weightedVote()
                        .with(Consensus.GOLD_CABINET, "known")
                        .calibration("known"))
                .build()),
        Arguments.of(
            "chained with everything",
            """
            {"pattern":"chained","config":{"pipeline":[
              {"step":1,"name":"a","modelId":"m1","nodeId":"n","inputSource":"patients",
               "retries":3,"fallbackModelId":"m2"},
              {"step":2,"name":"b","action":"order","inputs":{"x":"step_1_output.y"},
               "rollback":{"action":"cancel","nodeId":"n"}}],
             "errorHandling":{"onFailure":"rollback_and_retry","maxRetries":1,"retryFromStep":2,
              "rollbackTimeout":5}},
             "inputData":{"columns":["age","name","ill"],"rows":[[63,"A",true],[3.5,"B",false]]}}
            """,
            JobSpec.chained()
                .step("a", "m1", s -> s.node("n").from("patients").retries(3).fallback("m2"))
                .action(
                    "b",
                    "order",
                    s ->
                        s.input("x", "step_1_output.y")
                            .rollback(
                                new Rollback(
                                    Optional.of("cancel"), Optional.empty(), Optional.of("n"))))
                .onFailure(new ErrorHandling(OnFailure.ROLLBACK_AND_RETRY, 1, 2, seconds(5)))
                .input("age", Tensor.ofDoubles(new double[] {63, 3.5}))
                .input("name", Tensor.ofStrings(List.of("A", "B")))
                .input("ill", Tensor.ofBooleans(new boolean[] {true, false}))
                .build()),
        Arguments.of(
            "chained with rows that stay, a division of them and a block",
            """
            {"pattern":"chained","config":{"pipeline":[
              {"step":1,"name":"a","modelId":"m1","nodeId":"n","inputSource":"patients"},
              {"step":2,"name":"b","modelId":"m2","rows":"step_1_output.urgency >= 0.5",
               "otherwise":{"stage":-1,"note":"step_1_output.note"},"reduction":{"method":"mean"}},
              {"step":3,"name":"c","pattern":"comparative","timeout":9,"when":"step_2_output.x > 1",
               "config":{"modelIds":["m3","m4"],"nodeId":"n","dataSource":"patients"}}]}}
            """,
            JobSpec.chained()
                .step("a", "m1", s -> s.node("n").from("patients"))
                .step(
                    "b",
                    "m2",
                    s ->
                        s.rows("step_1_output.urgency >= 0.5")
                            .otherwise("stage", -1)
                            .otherwise("note", "step_1_output.note")
                            .reduce(ReductionSpec.mean()))
                .block(
                    "c",
                    JobSpec.comparative("m3", "m4").node("n").cabinet("patients").build().config(),
                    s -> s.timeout(seconds(9)).when("step_2_output.x > 1"))
                .build()));
  }

  @Test
  void submitBody_inSnakeCaseAndOtherCases_isTheSameJob() {
    String snake =
        """
        {"pattern":"chained","config":{"pipeline":[
          {"step":1,"name":"a","model_id":"m1","fallback_model_id":"m2","input_source":"client_data"},
          {"step":2,"name":"b","model_id":"m3"}],
         "error_handling":{"on_failure":"Rollback-And-Retry","max_retries":4}},
         "max_cost":7,"idempotency_key":"k","priority":"HIGH",
         "input_data":{"columns":["x"],"rows":[[1]]}}
        """;

    assertThat(JSON.readJob(snake))
        .isEqualTo(
            JobSpec.chained()
                .step("a", "m1", s -> s.fallback("m2"))
                .step("b", "m3")
                .onFailure(ErrorHandling.rollbackAndRetry(4))
                .maxCost(7)
                .idempotencyKey("k")
                .priority(Priority.HIGH)
                .input("x", Tensor.ofDoubles(new double[] {1}))
                .build());
  }

  @Test
  void submitBody_withOptionsInSnakeCase_hasThemInCamelCase() {
    JobSpec read =
        JSON.readJob(
            """
            {"pattern":"collaborative","config":{"model_id":"m",
             "aggregation":{"method":"of_a_plugin","trim_share":0.2}}}
            """);

    assertThat(read)
        .isEqualTo(
            JobSpec.collaborative("m")
                .aggregate(Aggregation.of("of_a_plugin").with("trimShare", 0.2))
                .build());
  }

  @Test
  void submitBody_withTheLeast_hasTheBuildersDefaults() {
    assertThat(JSON.readJob("{\"pattern\":\"collaborative\",\"config\":{\"modelId\":\"m\"}}"))
        .isEqualTo(JobSpec.collaborative("m").build());
    assertThat(
            JSON.readJob("{\"pattern\":\"comparative\",\"config\":{\"modelIds\":[\"a\",\"b\"]}}"))
        .isEqualTo(JobSpec.comparative("a", "b").build());
    assertThat(
            JSON.readJob(
                """
                {"pattern":"chained","config":{"pipeline":[
                 {"step":1,"name":"x","modelId":"a"},{"step":2,"name":"y","modelId":"b"}]}}
                """))
        .isEqualTo(JobSpec.chained().step("x", "a").step("y", "b").build());
  }

  @Test
  void submitBody_withDifferentialPrivacy_isRefusedByName() {
    String body =
        COLLABORATIVE.formatted(",\"differentialPrivacy\":{\"enabled\":true,\"epsilon\":1.0}");

    InvalidJobException refusal =
        catchThrowableOfType(InvalidJobException.class, () -> JSON.readJob(body));

    assertThat(refusal.code()).isEqualTo(ErrorCode.UNSUPPORTED_OPTION);
    assertThat(refusal.violations())
        .extracting(v -> v.path())
        .containsExactly("config.aggregation.differentialPrivacy");
  }

  @Test
  void writtenJob_always_hasTheContractsForm() {
    JobSpec spec =
        JobSpec.collaborative("m").nodes("a", "b").maxCost(5).purpose("research").build();

    assertThat(JSON.writeJob(spec))
        .isEqualTo(
            "{\"pattern\":\"collaborative\",\"config\":{\"modelId\":\"m\",\"nodes\":[\"a\",\"b\"],"
                + "\"dataRequirements\":{},\"reduction\":{\"method\":\"mean\"},"
                + "\"aggregation\":{\"method\":\"federated_averaging\"},"
                + "\"quorum\":{\"graceSeconds\":0.0},\"timeout\":120},"
                + "\"priority\":\"normal\",\"maxCost\":5,\"purpose\":\"research\"}");
  }

  @Test
  void dataRequirements_leftOut_areAny() {
    assertThat(JSON.read(DataRequirements.class, "{}")).isEqualTo(DataRequirements.any());
  }

  private static Duration seconds(long count) {
    return Duration.ofSeconds(count);
  }
}
