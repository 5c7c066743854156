package io.powernode.dim.patterns;

import static io.powernode.dim.patterns.FakeContext.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.BlockResult;
import io.powernode.dim.api.ChainedJobBuilder;
import io.powernode.dim.api.ChainedSpec;
import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorHandling;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.Review;
import io.powernode.dim.api.Rollback;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.api.TraceStatus;
import io.powernode.dim.api.TraceStep;
import io.powernode.dim.spi.PatternContext.ReviewAnswer;
import io.powernode.dim.spi.PatternResult.AwaitingReview;
import io.powernode.dim.spi.PatternResult.Completed;
import io.powernode.dim.spi.PatternResult.Failed;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import io.powernode.dim.spi.TensorDigest;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A step of a pipeline may be a pattern itself; normalise answers 2 and 3. */
class PipelineBlockTest extends ChainedFixture {
  private static final List<String> LABELS = List.of("no", "yes");

  @BeforeEach
  void addClassifiers() {
    for (String id : List.of("first", "second")) {
      catalog.model(
          FakeCatalog.model(
                  id,
                  List.of(TensorSpec.of("normalised", DataType.FP64, -1)),
                  List.of(TensorSpec.of("class", DataType.INT64, -1)))
              .withLabels(LABELS));
    }
    votes("a1/s2/vote/first", 0, 1);
    votes("a1/s2/vote/second", 0, 1);
  }

  private void votes(String step, long... classes) {
    scripted.put(step, TaskResult.success("n1", Map.of("class", Tensor.ofLongs(classes)), 2, 5));
  }

  private static PatternSpec opinions(Consensus consensus) {
    return JobSpec.comparative("first", "second").node("n1").consensus(consensus).build().config();
  }

  private static ChainedJobBuilder withOpinions() {
    return JobSpec.chained()
        .step("Normalise", "normalise")
        .block("Opinions", opinions(Consensus.majorityVote()));
  }

  private static ChainedSpec booking() {
    return (ChainedSpec)
        JobSpec.chained()
            .action("Bed", "book", step -> step.node("n1").rollback(Rollback.action("unbook")))
            .action("Bus", "book", step -> step.node("n1").rollback(Rollback.action("unbook")))
            .build()
            .config();
  }

  @Test
  void execute_comparativeBlock_votesOnWhatTheStepBeforeAnswered() {
    FakeContext context = context();
    Completed done = (Completed) ENGINE.execute(spec(withOpinions()), context);
    assertThat(context.tasks.get("a1/s2/vote/first").input())
        .isEqualTo(new TaskInput.Tensors(Map.of("normalised", column(2, 3))));
    assertThat(done.output().decisions())
        .extracting(d -> d.row() + " " + d.label().orElse(""))
        .containsExactly("r1 no", "r2 yes");
    TraceStep step = done.trace().get(1);
    assertThat(lines(done.trace()))
        .containsExactly("1 normalise anywhere DONE a1", "2 comparative - DONE a1");
    BlockResult block = step.block().orElseThrow();
    assertThat(block.output()).contains(done.output());
    assertThat(block.evidence().orElseThrow().votes())
        .extracting(v -> v.modelId() + v.labels())
        .containsExactly("first[no, yes]", "second[no, yes]");
    assertThat(step.outputDigest())
        .contains(TensorDigest.of(BlockTensors.of(block.output().orElseThrow())));
    assertThat(done.trace().get(0).block()).isEmpty();
  }

  @Test
  void execute_stepsAfterAComparativeBlock_readItsDecisions() {
    votes("a1/s2/vote/second", 1, 1);
    catalog.model(
        FakeCatalog.model(
            "letter",
            List.of(TensorSpec.of("finding", DataType.BYTES, -1)),
            List.of(TensorSpec.of("text", DataType.FP64, -1))));
    scripted.put("a1/s4", TaskResult.success("n1", Map.of("text", column(0)), 2, 5));
    ChainedSpec spec =
        spec(
            withOpinions()
                .step(
                    "Unsure",
                    "triage",
                    step -> step.from("step_1_output").when("any(step_2_output.status == 'tie')"))
                .step(
                    "Letter",
                    "letter",
                    step ->
                        step.input("finding", "step_2_output.label")
                            .when("all(step_2_output.agreement >= 0.5)"))
                .step(
                    "Sure",
                    "triage",
                    step ->
                        step.from("step_1_output").when("not any(step_2_output.confidence > 0)")));
    FakeContext context = context();
    Completed done = (Completed) ENGINE.execute(spec, context);
    assertThat(done.trace())
        .extracting(TraceStep::status)
        .containsExactly(
            TraceStatus.DONE,
            TraceStatus.DONE,
            TraceStatus.DONE,
            TraceStatus.DONE,
            TraceStatus.DONE);
    assertThat(context.tasks.get("a1/s4").input())
        .isEqualTo(new TaskInput.Tensors(Map.of("finding", Tensor.ofStrings(List.of("", "yes")))));
  }

  @Test
  void execute_blockThatVotesOnNoRows_hasItsColumnsWithoutRows() {
    scripted.put("a1/s1", TaskResult.success("n1", Map.of("normalised", column()), 0, 3));
    votes("a1/s2/vote/first");
    votes("a1/s2/vote/second");
    Completed done =
        completed(
            withOpinions()
                .step(
                    "Triage",
                    "triage",
                    s -> s.from("step_1_output").when("all(step_2_output.label == 'yes')"))
                .step(
                    "Never",
                    "backup",
                    s -> s.from("step_1_output").when("any(step_2_output.agreement > 0)")),
            context());
    assertThat(done.trace())
        .extracting(TraceStep::status)
        .containsExactly(TraceStatus.DONE, TraceStatus.DONE, TraceStatus.DONE, TraceStatus.SKIPPED);
    assertThat(done.trace().get(1).block().orElseThrow().output().orElseThrow().decisions())
        .isEmpty();
  }

  @Test
  void execute_collaborativeBlock_feedsItsAggregateOn() {
    catalog.model(linear("risk", "age", "normalised")).node("a", 0.9).node("b", 0.9);
    for (String node : List.of("a", "b")) {
      scripted.put(
          "a1/s1/local/" + node,
          TaskResult.success(
              node, Map.of("normalised", column(node.equals("a") ? 2.0 : 4.0)), 10, 5));
    }
    PatternSpec pooled =
        JobSpec.collaborative("risk").nodes("a", "b").cabinet("patients").build().config();
    input = Map.of();
    FakeContext context = context();
    Completed done =
        completed(
            JobSpec.chained()
                .block("Pooled", pooled)
                .step("Triage", "triage", s -> s.when("step_1_output.normalised == 3")),
            context);
    assertThat(context.tasks.get("a1/s2").input())
        .isEqualTo(new TaskInput.Tensors(Map.of("normalised", column(3))));
    assertThat(done.trace().get(0).block().orElseThrow().evidence().orElseThrow().contributions())
        .extracting(c -> c.nodeId() + " " + c.accepted())
        .containsExactly("a true", "b true");
  }

  @Test
  void execute_collaborativeBlockWithoutParameters_isGivenNoneOfTheStepBefore() {
    catalog.model(linear("risk", "age", "normalised")).model(withStart()).node("a", 0.9);
    catalog.node("b", 0.9);
    for (String node : List.of("a", "b")) {
      scripted.put(
          "a1/s2/local/" + node,
          TaskResult.success(node, Map.of("normalised", column(2.0)), 10, 5));
    }
    assertThat(parametersOf("risk")).isEmpty();
    assertThat(parametersOf("withStart")).isEqualTo(Map.of("normalised", column(2, 3)));
  }

  private static ModelDescriptor withStart() {
    return FakeCatalog.model(
        "withStart",
        List.of(
            TensorSpec.of("age", DataType.FP64, -1), TensorSpec.of("normalised", DataType.FP64, 2)),
        List.of(TensorSpec.of("normalised", DataType.FP64, -1)));
  }

  /** What a node is given beside its rows. */
  private Map<String, Tensor> parametersOf(String model) {
    FakeContext context = context();
    completed(
        JobSpec.chained()
            .step("Normalise", "normalise")
            .block(
                "Pooled",
                JobSpec.collaborative(model).nodes("a", "b").cabinet("patients").build().config()),
        context);
    return ((TaskInput.Cabinet) context.tasks.get("a1/s2/local/a").input()).parameters();
  }

  @Test
  void execute_blockThatWaitsForAReview_waitsAndGoesOn() {
    votes("a1/s2/vote/second", 1, 1);
    ChainedSpec spec =
        spec(
            JobSpec.chained()
                .step("Normalise", "normalise")
                .block("Opinions", opinions(Consensus.expertReview().minAgreement(0.9)))
                .step("Triage", "triage", s -> s.from("step_1_output")));
    FakeContext.Journal journal = new FakeContext.Journal();
    FakeContext first = new FakeContext(journal, catalog, input, this::node);
    assertThat(ENGINE.execute(spec, first)).isInstanceOf(AwaitingReview.class);
    assertThat(first.requested().orElseThrow().items())
        .extracting(item -> item.row())
        .containsExactly("r1");
    assertThat(journal.sent).doesNotContain("a1/s3");
    Review review = new Review("Ada", Map.of("r1", "yes"), Optional.of("seen"));
    FakeContext again =
        new FakeContext(journal, catalog, input, this::node)
            .reviewed(new ReviewAnswer(Optional.of(review), Instant.EPOCH, Optional.empty()));
    Completed done = (Completed) ENGINE.execute(spec, again);
    assertThat(done.trace().get(1).block().orElseThrow().evidence().orElseThrow().reviews())
        .extracting(r -> r.reviewer())
        .containsExactly("Ada");
    assertThat(journal.sent).containsOnlyOnce("a1/s1", "a1/s2/vote/first", "a1/s3");
  }

  @Test
  void execute_blockThatFails_isTriedAgainAsANewAttempt() {
    scripted.put("a1/s2/vote/first", failure("n1", ErrorCode.INFERENCE_FAILED, "no"));
    votes("a2/s2/vote/first", 0, 1);
    votes("a2/s2/vote/second", 0, 1);
    Completed done =
        (Completed)
            ENGINE.execute(
                spec(withOpinions().onFailure(ErrorHandling.rollbackAndRetry(1).fromStep(2))),
                context());
    assertThat(lines(done.trace()))
        .containsExactly(
            "1 normalise anywhere DONE a1", "2 comparative - FAILED a1", "2 comparative - DONE a2");
    assertThat(done.trace().get(1).error().orElseThrow().code()).isEqualTo(ErrorCode.NO_CONSENSUS);
    assertThat(done.trace().get(1).block().orElseThrow().output()).isEmpty();
  }

  @Test
  void execute_failureAfterAPipelineInAPipeline_undoesItsPartsInReverse() {
    scripted.put("a1/s2", failure("n2", ErrorCode.INFERENCE_FAILED, "no"));
    FakeContext context = context();
    Failed failed =
        (Failed)
            ENGINE.execute(
                spec(
                    JobSpec.chained()
                        .block("Booking", booking())
                        .step("Triage", "normalise", s -> s.node("n2").from("client_data"))),
                context);
    assertThat(failed.error().code()).isEqualTo(ErrorCode.INFERENCE_FAILED);
    assertThat(lines(failed.trace()))
        .containsExactly(
            "1 chained - DONE a1",
            "2 normalise n2 FAILED a1",
            "1 unbook n1 ROLLED_BACK a1",
            "1 unbook n1 ROLLED_BACK a1");
    assertThat(failed.trace())
        .extracting(TraceStep::name)
        .containsExactly("Booking", "Triage", "Booking, a1/s2", "Booking, a1/s1");
    assertThat(lines(failed.trace().get(0).block().orElseThrow().trace()))
        .containsExactly("1 book n1 DONE a1", "2 book n1 DONE a1");
  }

  @Test
  void execute_retryFromAfterABlock_keepsWhatTheBlockDid() {
    scripted.put("a1/s2", failure("n2", ErrorCode.INFERENCE_FAILED, "first"));
    ChainedJobBuilder job =
        JobSpec.chained()
            .block("Booking", booking())
            .step("Triage", "normalise", s -> s.node("n2").from("client_data"))
            .onFailure(ErrorHandling.rollbackAndRetry(1).fromStep(2));
    FakeContext once = context();
    assertThat(ENGINE.execute(spec(job), once)).isInstanceOf(Completed.class);
    assertThat(once.journal.effects).containsOnlyKeys("a1/s1/a1/s1", "a1/s1/a1/s2");

    scripted.put("a2/s2", failure("n2", ErrorCode.INFERENCE_FAILED, "second"));
    FakeContext twice = context();
    assertThat(ENGINE.execute(spec(job), twice)).isInstanceOf(Failed.class);
    assertThat(twice.journal.sent).endsWith("a2/s2", "a1/s1/a1/s2/undo", "a1/s1/a1/s1/undo");
  }

  @Test
  void execute_blockThatIsUndoneInPart_endsTheJobAndTellsAllOfIt() {
    scripted.put("a1/s2/a1/s2", failure("n1", ErrorCode.INFERENCE_FAILED, "no"));
    scripted.put("a1/s2/a1/s1/undo", failure("n1", ErrorCode.NODE_LOST, "gone"));
    Failed failed =
        (Failed)
            ENGINE.execute(
                spec(
                    JobSpec.chained()
                        .action(
                            "Ward",
                            "book",
                            step -> step.node("n1").rollback(Rollback.action("unbook")))
                        .block("Booking", booking())
                        .onFailure(ErrorHandling.rollbackAndRetry(5))),
                context());
    assertThat(failed.error().code()).isEqualTo(ErrorCode.COMPENSATION_FAILED);
    assertThat(failed.error().message())
        .startsWith("step 2 (Booking): step 2 (Bus): INFERENCE_FAILED: no; undone: step 2 (Bus)")
        .contains("not undone: step 1 (Bed): NODE_LOST: gone")
        .endsWith("; also undone: step 1 (Ward)");
    assertThat(lines(failed.trace()))
        .containsExactly(
            "1 book n1 DONE a1", "2 chained - FAILED a1", "1 unbook n1 ROLLED_BACK a1");
    assertThat(failed.trace().get(1).block().orElseThrow().trace())
        .extracting(TraceStep::status)
        .containsExactly(
            TraceStatus.DONE,
            TraceStatus.FAILED,
            TraceStatus.ROLLED_BACK,
            TraceStatus.ROLLBACK_FAILED);
  }

  @Test
  void execute_cancelledWithinABlock_undoesTheBlockAndTheStepsBefore() {
    FakeContext context = context().cancelledAt("a1/s2/a1/s2");
    Failed failed =
        (Failed)
            ENGINE.execute(
                spec(
                    JobSpec.chained()
                        .action(
                            "Ward",
                            "book",
                            step -> step.node("n1").rollback(Rollback.action("unbook")))
                        .block("Booking", booking())),
                context);
    assertThat(failed.error().code()).isEqualTo(ErrorCode.CANCELLED);
    assertThat(context.journal.sent)
        .containsExactly("a1/s1", "a1/s2/a1/s1", "a1/s2/a1/s1/undo", "a1/s1/undo");
  }

  @Test
  void execute_blockWithItsOwnData_isNotSkippedWithTheStepBefore() {
    PatternSpec onCabinet =
        JobSpec.comparative("first", "second").node("n1").cabinet("patients").build().config();
    for (String model : List.of("first", "second")) {
      Map<String, Tensor> votes = new LinkedHashMap<>();
      votes.put("row_ids", Tensor.ofStrings(List.of("x")));
      votes.put("labels", Tensor.ofStrings(List.of("no")));
      scripted.put("a1/s3/vote/" + model, TaskResult.success("n1", votes, 1, 5));
    }
    Completed done =
        (Completed)
            ENGINE.execute(
                spec(
                    JobSpec.chained()
                        .step("Normalise", "normalise")
                        .step("Triage", "triage", s -> s.when("any(step_1_output.normalised > 9)"))
                        .block("Opinions", onCabinet)),
                context());
    assertThat(done.trace())
        .extracting(TraceStep::status)
        .containsExactly(TraceStatus.DONE, TraceStatus.SKIPPED, TraceStatus.DONE);
  }

  @Test
  void execute_deepBlock_hasAllNamesOfItsOwn() {
    PatternSpec inner = spec(threeModels());
    for (int depth = 0; depth < 3; depth++) {
      inner =
          spec(
              JobSpec.chained()
                  .step("N", "normalise")
                  .block("B", inner, s -> s.from("client_data")));
    }
    FakeContext context = context();
    assertThat(ENGINE.execute((ChainedSpec) inner, context)).isInstanceOf(Completed.class);
    assertThat(context.journal.sent)
        .contains("a1/s1", "a1/s2/a1/s1", "a1/s2/a1/s2/a1/s2/a1/s3")
        .doesNotHaveDuplicates();
  }

  @Test
  void modelsAndEstimate_ofBlocks_count() {
    ChainedSpec spec = spec(withOpinions().block("Booking", booking()));
    assertThat(ENGINE.models(spec, catalog)).containsExactly("normalise", "first", "second");
    assertThat(ENGINE.estimateTasks(spec, catalog)).isEqualTo(1 + 2 + 2);
  }
}
