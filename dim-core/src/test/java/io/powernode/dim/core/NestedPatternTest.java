package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Evidence;
import io.powernode.dim.api.JobOutput;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Block;
import io.powernode.dim.spi.BlockOutcome;
import io.powernode.dim.spi.NodeRequirements;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternEngine;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskResult;
import io.powernode.dim.spi.Until;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What a pattern inside another one may do, and what its outer one hears of it. */
class NestedPatternTest extends JobEngineFixture {
  private static final Block INNER = Block.of(new InnerSpec(), Map.of());

  private record InnerSpec() implements PatternSpec {
    @Override
    public String pattern() {
      return "inner";
    }
  }

  private record InnerEngine(Function<PatternContext, PatternResult> script)
      implements PatternEngine<InnerSpec> {
    @Override
    public String name() {
      return "inner";
    }

    @Override
    public Class<InnerSpec> specType() {
      return InnerSpec.class;
    }

    @Override
    public PatternResult execute(InnerSpec spec, PatternContext context) {
      return script.apply(context);
    }
  }

  private OrchestratorBuilder nested(
      Function<PatternContext, PatternResult> outer,
      Function<PatternContext, PatternResult> inner) {
    return builder(outer).plugin(new InnerEngine(inner));
  }

  /** Completes with a text as its evidence. */
  private static PatternResult told(Object text) {
    return PatternResult.completed(
        JobOutput.ofTensors(Map.of()), Evidence.of(String.valueOf(text)));
  }

  private static String error(BlockOutcome outcome) {
    return outcome.result() instanceof PatternResult.Failed failed
        ? failed.error().code() + ": " + failed.error().message()
        : "none";
  }

  @Test
  void child_withInputData_findsItAsTheJobsOwn() {
    Map<String, Tensor> data = Map.of("x", Tensor.scalar(1.0));
    try (Orchestrator dim =
        nested(
                c -> c.child("in", Block.of(new InnerSpec(), data)).result(),
                c -> told(c.inputData().equals(data)))
            .build()) {
      assertThat(dim.submit(JOB).await(LIMIT).evidence().method()).isEqualTo("true");
    }
  }

  @Test
  void child_whoseEngineRefuses_isAFailedOutcome() {
    try (Orchestrator dim =
        nested(
                c -> told(error(c.child("in", INNER))),
                c -> {
                  c.nodes("who", NodeRequirements.named(List.of("n9")));
                  return done();
                })
            .build()) {
      assertThat(dim.submit(JOB).await(LIMIT).evidence().method()).startsWith("UNKNOWN_NODE: ");
    }
  }

  @Test
  void child_whoseEngineBreaksTheRules_failsTheJob() {
    List<Function<PatternContext, PatternResult>> broken =
        List.of(
            c -> null,
            c -> {
              throw new IllegalStateException("no");
            },
            c -> {
              c.run(book("a"));
              c.run(book("a"));
              return done();
            });
    for (Function<PatternContext, PatternResult> script : broken) {
      try (Orchestrator dim = nested(c -> told(error(c.child("in", INNER))), script).build()) {
        assertCode(catchThrowable(() -> dim.submit(JOB).await(LIMIT)), ErrorCode.ENGINE_FAULT);
      }
    }
  }

  @Test
  void child_deeperThanAllowed_failsTheJob() {
    try (Orchestrator dim =
        nested(c -> c.child("in", INNER).result(), c -> c.child("in", INNER).result()).build()) {
      assertThat(catchThrowable(() -> dim.submit(JOB).await(LIMIT)))
          .isInstanceOfSatisfying(
              DimException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.ENGINE_FAULT);
                assertThat(e.getMessage()).contains("patterns nest deeper than 8");
              });
    }
  }

  @Test
  void child_outOfItsTime_hearsThatItsTasksDid() {
    Block hasty = new Block(new InnerSpec(), Map.of(), Optional.of(Duration.ofMillis(50)));
    try (Orchestrator dim =
        nested(
                c -> {
                  BlockOutcome outcome = c.child("in", hasty);
                  c.run(book("after"));
                  return outcome.result();
                },
                c -> {
                  TaskResult first = c.run(hang("a").retries(5));
                  TaskResult second = c.run(book("b"));
                  return told(code(first) + " " + code(second));
                })
            .build()) {
      assertThat(dim.submit(JOB).await(LIMIT).evidence().method())
          .isEqualTo("TASK_TIMEOUT TASK_TIMEOUT");
      assertThat(node.calls).extracting(call -> call.id().step()).containsExactly("after");
    }
  }

  private static Object code(TaskResult result) {
    return result instanceof TaskResult.Failure failure ? failure.error().code() : "answer";
  }

  @Test
  void child_withinAHastyOne_hasNoMoreTime() {
    Block hasty = new Block(new InnerSpec(), Map.of(), Optional.of(Duration.ofMillis(50)));
    Block patient = new Block(new ScriptedEngine.Spec(), Map.of(), Optional.of(LIMIT));
    CompletableFuture<Boolean> nestedOnce = new CompletableFuture<>();
    try (Orchestrator dim =
        nested(
                c ->
                    nestedOnce.complete(true)
                        ? c.child("in", hasty).result()
                        : told(code(c.run(hang("a")))),
                c -> c.child("deep", patient).result())
            .build()) {
      assertThat(dim.submit(JOB).await(LIMIT).evidence().method()).isEqualTo("TASK_TIMEOUT");
    }
  }

  @Test
  void child_ofSeveralTasks_tellsHowLongTheyTook() {
    try (Orchestrator dim =
        nested(
                c -> told(c.child("in", INNER).durationMs()),
                c -> {
                  c.run(book("a"));
                  c.runAll("all", List.of(book("b"), book("c")), Until.all());
                  return done();
                })
            .build()) {
      assertThat(dim.submit(JOB).await(LIMIT).evidence().method()).isEqualTo("2");
    }
  }

  private static PatternResult twoBookings(PatternContext c) {
    for (String step : List.of("a", "b")) {
      c.onRollback(step, Task.action(step + "-undo", "unbook").onNode("n1"));
      c.run(book(step));
    }
    return done();
  }

  @Test
  void rollback_byTheNameOfAChild_undoesAllOfItAndNothingElse() {
    try (Orchestrator dim =
        nested(
                c -> {
                  twoBookings(c);
                  c.child("in", INNER);
                  c.child("in2", INNER);
                  return told(
                      c.rollback("back", Set.of("in", "a"), LIMIT).stream()
                          .map(o -> o.undoes() + " by " + o.step() + " " + o.work())
                          .toList());
                },
                NestedPatternTest::twoBookings)
            .build()) {
      assertThat(dim.submit(JOB).await(LIMIT).evidence().method())
          .isEqualTo("[in/b by in/b-undo unbook, in/a by in/a-undo unbook, a by a-undo unbook]");
    }
  }

  @Test
  void fail_afterAChildThatIsDone_undoesWhatItDid() {
    try (Orchestrator dim =
        nested(
                c -> {
                  c.child("in", INNER);
                  throw new DimException(ErrorCode.INVALID_DATA, "no");
                },
                NestedPatternTest::twoBookings)
            .build()) {
      assertCode(catchThrowable(() -> dim.submit(JOB).await(LIMIT)), ErrorCode.INVALID_DATA);
      assertThat(node.calls)
          .extracting(call -> call.id().step())
          .containsExactly("in/a", "in/b", "in/b-undo", "in/a-undo");
    }
  }
}
