package io.powernode.dim.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Evidence;
import io.powernode.dim.api.JobOutput;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.Review;
import io.powernode.dim.api.ReviewRequest;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.core.InMemoryStateStore;
import io.powernode.dim.spi.Catalog;
import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.CommitResult;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.NodeRequirements;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternEngine;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import io.powernode.dim.spi.TaskResults;
import io.powernode.dim.spi.Until;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EngineCrashHarnessTest {
  private static final Reply ANSWER =
      Reply.answer(task -> Map.of("y", Tensor.scalar((long) task.id().step().hashCode())))
          .after(Duration.ofMillis(20));

  /** What the test engines are asked for. */
  record Recipe(String modelId, int count) implements PatternSpec {
    @Override
    public String pattern() {
      return "recipe";
    }
  }

  /** An engine made of one method. */
  private record RecipeEngine(Body body) implements PatternEngine<Recipe> {
    interface Body {
      PatternResult execute(Recipe recipe, PatternContext context);
    }

    @Override
    public String name() {
      return "recipe";
    }

    @Override
    public Class<Recipe> specType() {
      return Recipe.class;
    }

    @Override
    public Set<String> models(Recipe recipe, Catalog catalog) {
      return Set.of(recipe.modelId(), "flaky", "bad");
    }

    @Override
    public PatternResult execute(Recipe recipe, PatternContext context) {
      return body.execute(recipe, context);
    }
  }

  @Test
  void engine_thatUsesAllOfItsContext_survivesEveryCrash() {
    EngineCrashHarness.Report report =
        harness(EngineCrashHarnessTest::everything).expert(EngineCrashHarnessTest::review).run();
    assertThat(report.outcome().state()).isEqualTo(JobState.COMPLETED);
    assertThat(report.steps()).isEqualTo(5);
    assertThat(report.crashes()).isGreaterThanOrEqualTo(20);
  }

  @Test
  void engine_onStoresWithClockAndThreadsOfTheirOwn_survivesEveryCrash() {
    AtomicInteger open = new AtomicInteger();
    try (Environment machine = Environment.system()) {
      EngineCrashHarness.Report report =
          harness(EngineCrashHarnessTest::everything)
              .expert(EngineCrashHarnessTest::review)
              .store(
                  () -> {
                    open.incrementAndGet();
                    return threaded(InMemoryStateStore.create(machine), open::decrementAndGet);
                  })
              .run();
      assertThat(report.outcome().state()).isEqualTo(JobState.COMPLETED);
      assertThat(report.crashes()).isGreaterThanOrEqualTo(20);
    }
    assertThat(open).hasValue(0);
  }

  @Test
  void engine_crashedAtEveryFifthCommit_survivesSomeCrashes() {
    EngineCrashHarness.Report report =
        harness(EngineCrashHarnessTest::everything)
            .expert(EngineCrashHarnessTest::review)
            .crashEvery(5)
            .run();
    assertThat(report.crashes()).isBetween(4, 10);
  }

  private static StateStore threaded(StateStore store, Runnable onClose) {
    return new ForwardingStore(store) {
      @Override
      public CompletionStage<CommitResult> commit(Commit commit) {
        return CompletableFuture.supplyAsync(
            () -> super.commit(commit).toCompletableFuture().join());
      }

      @Override
      public void close() {
        super.close();
        onClose.run();
      }
    };
  }

  @Test
  void engine_thatFailsAndRollsBack_survivesEveryCrash() {
    EngineCrashHarness.Report report =
        harness(
                (recipe, context) -> {
                  context.onRollback("book", Task.action("unbook", "undo").onNode("n1"));
                  context.run(Task.action("book", "do").onNode("n1"));
                  context.run(Task.model("flaky", "flaky").onNode("n2"));
                  TaskResult lost = context.run(Task.model("bad", "bad").onNode("n1"));
                  context.rollback("back", Duration.ofSeconds(10));
                  return PatternResult.failed(((TaskResult.Failure) lost).error());
                })
            .run();
    assertThat(report.outcome().state()).isEqualTo(JobState.FAILED);
    assertThat(report.outcome().error().orElseThrow().code()).isEqualTo(ErrorCode.INFERENCE_FAILED);
  }

  @Test
  void engine_thatRemembersOutsideOfItsContext_isFoundOut() {
    AtomicInteger executions = new AtomicInteger();
    EngineCrashHarness harness =
        harness(
            (recipe, context) -> {
              context.run(task("a"));
              return completed(executions.incrementAndGet());
            });
    assertThatThrownBy(harness::run)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("crash ")
        .hasMessageContaining("the outcome was");
  }

  @Test
  void engine_thatAsksForOtherStepsTheSecondTime_isFoundOut() {
    AtomicInteger executions = new AtomicInteger();
    EngineCrashHarness harness =
        harness(
            (recipe, context) -> {
              TaskResult first = context.run(task("step-" + executions.incrementAndGet()));
              context.run(task("last"));
              return completed(first.attempts());
            });
    assertThatThrownBy(harness::run)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("ENGINE_FAULT");
  }

  @Test
  void job_thatWaitsForNobody_isReported() {
    EngineCrashHarness harness =
        harness(
            (recipe, context) -> {
              context.review(
                  "review", new ReviewRequest(List.of("a", "b"), List.of(), Optional.empty()));
              return PatternResult.awaitingReview();
            });
    assertThatThrownBy(harness::run)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("undisturbed: the job does not end");
  }

  private static EngineCrashHarness harness(RecipeEngine.Body body) {
    return EngineCrashHarness.of(JobSpec.of(new Recipe("m", 1)).build())
        .plugin(new RecipeEngine(body))
        .model(FakeModels.model("m"))
        .model(FakeModels.model("flaky"))
        .model(FakeModels.model("bad"))
        .node(env -> node(env, "n1"))
        .node(env -> node(env, "n2"));
  }

  private static FakeNode node(Environment env, String id) {
    return new FakeNode(
            FakeProfile.of(id).formats(FakeModels.FORMAT).actions("do", "undo").build(), env)
        .on("m", ANSWER)
        .on("do", ANSWER)
        .on("undo", ANSWER)
        .on("flaky", Reply.fail(ErrorCode.NODE_LOST), ANSWER)
        .on("bad", Reply.fail(ErrorCode.INFERENCE_FAILED));
  }

  private static PatternResult everything(Recipe recipe, PatternContext context) {
    List<String> nodes =
        context.nodes("nodes", NodeRequirements.named(List.of("n1", "n2"))).nodes();
    List<Task> tasks =
        nodes.stream().map(node -> Task.model("on-" + node, "m").onNode(node)).toList();
    TaskResults all = context.runAll("all", tasks, Until.all());
    int fact = context.record("fact", Integer.class, () -> all.successes().size() * 100);
    context.onRollback("book", Task.action("unbook", "undo").onNode("n1"));
    context.run(Task.action("book", "do").onNode("n1"));
    context.run(Task.model("after", "m").onNode("n2").input(new TaskInput.OutputOf("book")));
    Optional<PatternContext.ReviewAnswer> review =
        context.review(
            "review",
            new ReviewRequest(
                List.of("no", "yes"),
                List.of(new ReviewRequest.Item("r1", Map.of("m", "no"), 0.5)),
                Optional.empty()));
    if (review.isEmpty()) {
      return PatternResult.awaitingReview();
    }
    for (int i = 0; i < recipe.count(); i++) {
      context.run(task("loop-" + i));
      context.progress(i + 1, recipe.count());
    }
    return completed(fact + review.get().review().orElseThrow().decisions().size());
  }

  private static Review review(ReviewRequest request) {
    return new Review("ann", Map.of("r1", "yes"), Optional.empty());
  }

  private static Task task(String step) {
    return Task.model(step, "m").onNode("n1");
  }

  private static PatternResult completed(long value) {
    return PatternResult.completed(
        JobOutput.ofTensors(Map.of("value", Tensor.scalar(value))), Evidence.of("recipe"));
  }
}
