package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorHandling;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.Quorum;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Review;
import io.powernode.dim.api.Rollback;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.spi.PatternContext.ReviewAnswer;
import io.powernode.dim.spi.PatternEngine;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskResult;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every engine is killed after each entry of its journal and must come to the same end. */
class CrashTest {
  private static final Map<String, Tensor> INPUT =
      Map.of("x", Tensor.ofFloats(new float[] {1, 2}, 1, 2));
  private static final ReviewAnswer REVIEW =
      new ReviewAnswer(
          Optional.of(new Review("Ada", Map.of("r1", "benign"), Optional.empty())), Instant.EPOCH);

  private static FakeCatalog catalog() {
    List<String> labels = List.of("benign", "malignant");
    TensorSpec risk = TensorSpec.of("risk", DataType.FP32, -1, 1);
    return new FakeCatalog()
        .model(FakeCatalog.riskModel("m1").withLabels(labels))
        .model(FakeCatalog.riskModel("m2").withLabels(labels))
        .model(FakeCatalog.model("next", List.of(risk), List.of(risk)))
        .node("a", 0.9, "book", "unbook")
        .node("b", 0.6)
        .node("c", 0.6);
  }

  private record Case(
      String name,
      PatternEngine<?> engine,
      PatternSpec spec,
      Function<Task, Optional<TaskResult>> nodes) {}

  private static Stream<Case> cases() {
    return Stream.of(
        new Case(
            "collaborative",
            new CollaborativeEngine(),
            JobSpec.collaborative("m1")
                .nodes("c", "a", "b")
                .reduce(ReductionSpec.mean())
                .quorum(Quorum.atLeast(2))
                .build()
                .config(),
            task ->
                FakeContext.nodeOf(task).equals("b")
                    ? Optional.of(FakeContext.failure("b", ErrorCode.NODE_LOST, "gone"))
                    : Optional.of(
                        TaskResult.success(
                            FakeContext.nodeOf(task),
                            Map.of("risk", Tensor.ofDoubles(new double[] {.5})),
                            3,
                            1))),
        new Case(
            "comparative",
            new ComparativeEngine(),
            JobSpec.comparative("m1", "m2")
                .consensus(Consensus.expertReview().minAgreement(1))
                .build()
                .config(),
            CrashTest::answer),
        new Case(
            "chained",
            new ChainedEngine(),
            JobSpec.chained()
                .step("A", "m1", step -> step.node("a"))
                .action("B", "book", step -> step.node("a").rollback(Rollback.action("unbook")))
                .step("C", "next", step -> step.node("b").from("step_1_output"))
                .onFailure(ErrorHandling.rollbackAndRetry(1))
                .build()
                .config(),
            task ->
                task.step().equals("a1/s3")
                    ? Optional.of(FakeContext.failure("b", ErrorCode.NODE_LOST, "gone"))
                    : answer(task)));
  }

  private static Optional<TaskResult> answer(Task task) {
    float risk = task.step().endsWith("m1") ? .1f : .9f;
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    outputs.put("risk", Tensor.ofFloats(new float[] {risk}, 1, 1));
    return Optional.of(TaskResult.success(FakeContext.nodeOf(task), outputs, 1, 1));
  }

  @TestFactory
  Stream<DynamicTest> execute_afterACrashAnywhere_endsTheSameAndRepeatsNothingRecorded() {
    return cases().map(c -> DynamicTest.dynamicTest(c.name(), () -> check(c.engine(), c)));
  }

  private static <S extends PatternSpec> void check(PatternEngine<S> engine, Case of) {
    S spec = engine.specType().cast(of.spec());
    FakeContext.Journal whole = new FakeContext.Journal();
    PatternResult expected = engine.execute(spec, context(whole, of));
    assertThat(expected).isInstanceOf(PatternResult.Completed.class);
    int entries = whole.entries.size();
    assertThat(entries).isGreaterThan(2);
    for (int at = 1; at <= entries; at++) {
      FakeContext.Journal journal = new FakeContext.Journal();
      journal.crashAfter = at;
      boolean crashed = false;
      try {
        engine.execute(spec, context(journal, of));
      } catch (FakeContext.Crash crash) {
        crashed = true;
      }
      assertThat(crashed).as("crash after entry %d", at).isTrue();
      assertThat(engine.execute(spec, context(journal, of)))
          .as("after a crash at entry %d", at)
          .isEqualTo(expected);
      assertThat(new HashSet<>(journal.sent))
          .as("no step is sent twice")
          .hasSameSizeAs(journal.sent);
      assertThat(journal.entries.keySet()).isEqualTo(whole.entries.keySet());
    }
  }

  private static FakeContext context(FakeContext.Journal journal, Case of) {
    return new FakeContext(journal, catalog(), INPUT, of.nodes()).reviewed(REVIEW);
  }
}
