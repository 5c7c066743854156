package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Block;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.NodeRequirements;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.StateStore;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.Until;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An engine whose code is another one when it runs again. */
class ChangedEngineTest extends JobEngineFixture {
  private final Environment environment = Environment.system();
  private final StateStore store = new BytesOnlyStore(InMemoryStateStore.create(environment));

  @AfterEach
  void endThreads() {
    environment.close();
  }

  /** What the journal has. */
  private static void before(PatternContext c) {
    note(c);
    nodes(c);
    group(c, "a", "b");
    c.run(book("x"));
  }

  private static void note(PatternContext c) {
    c.record("note", Integer.class, () -> 7);
  }

  private static void nodes(PatternContext c) {
    c.nodes("nodes", NodeRequirements.any());
  }

  private static void group(PatternContext c, String... steps) {
    c.runAll("all", Stream.of(steps).map(JobEngineFixture::book).toList(), Until.all());
  }

  /** What the engine does the second time, and the step that the error names. */
  static Stream<Arguments> changes() {
    return Stream.of(
        change("fewer steps", c -> group(c, "a", "b"), "last"),
        change("other work under a name", c -> c.run(Task.action("x", "unbook").onNode("n1")), "x"),
        change("another input", c -> c.run(book("x").input(Map.of("x", Tensor.scalar(1.0)))), "x"),
        change("another node", c -> c.run(Task.action("x", "book").onNode("n2")), "x"),
        change("a task instead of a value", c -> c.run(book("note")), "note"),
        change("a value of another type", c -> c.record("note", Long.class, () -> 7L), "note"),
        change(
            "other nodes wanted",
            c -> c.nodes("nodes", NodeRequirements.named(List.of("n1"))),
            "nodes"),
        hanging("other work that may have been done", Task.action("last", "unbook").onNode("n2")),
        hanging("other input of it", hang("last").input(Map.of("x", Tensor.scalar(1.0)))),
        hanging("another node for it", book("last")),
        change(
            "it in a group",
            c -> beforeAnd(c, () -> c.runAll("more", List.of(book("last")), Until.all())),
            "last"),
        change(
            "a value instead of it",
            c -> beforeAnd(c, () -> c.record("last", Integer.class, () -> 7)),
            "last"),
        change("a group in another order", c -> group(c, "b", "a"), "all"),
        change("a group of fewer tasks", c -> group(c, "a"), "all"),
        change("a group of more tasks", c -> group(c, "a", "b", "c"), "all"),
        inserted("a task", c -> c.run(book("new")), "new"),
        inserted("a group", c -> c.runAll("new", List.of(book("c")), Until.all()), "new"),
        inserted("a value", c -> c.record("new", Integer.class, () -> 8), "new"),
        inserted("a choice", c -> c.nodes("new", NodeRequirements.any()), "new"),
        inserted("a review", c -> c.review("new", ASK), "new"),
        inserted("a compensation", c -> c.onRollback("x", book("undo")), "undo:x"),
        inserted("a block", ChangedEngineTest::block, "block/in"));
  }

  private static Arguments hanging(String what, Task last) {
    return change(what, c -> beforeAnd(c, () -> c.run(last)), "last");
  }

  private static void beforeAnd(PatternContext c, Runnable last) {
    before(c);
    last.run();
  }

  private static Arguments inserted(String what, Consumer<PatternContext> step, String name) {
    return change(
        what + " before the others",
        c -> {
          step.accept(c);
          before(c);
        },
        name);
  }

  private static void block(PatternContext c) {
    c.child("block", Block.of(new ScriptedEngine.Spec(), Map.of("nested", Tensor.scalar(1.0))));
  }

  private static Arguments change(String what, Consumer<PatternContext> after, String step) {
    return Arguments.of(what, after, step);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void execute_engineChangedMeanwhile_failsTheJobAndNamesTheStep(
      String what, Consumer<PatternContext> after, String step) {
    String id;
    try (Orchestrator first =
        open(
            c -> {
              before(c);
              c.run(hang("last"));
            })) {
      id = first.submit(JOB).jobId();
      Awaitility.await().until(() -> !silent.calls.isEmpty());
    }
    int sent = node.calls.size() + silent.calls.size();
    try (Orchestrator second = open(after)) {
      Throwable failed = catchThrowable(() -> second.await(id, LIMIT));

      assertCode(failed, ErrorCode.ENGINE_FAULT);
      assertThat(failed).hasMessageContaining("step " + step);
      assertThat(node.calls.size() + silent.calls.size()).isEqualTo(sent);
    }
  }

  private Orchestrator open(Consumer<PatternContext> script) {
    return builder(
            c -> {
              if (c.inputData().isEmpty()) {
                script.accept(c);
              } else {
                c.run(book("in"));
              }
              return done();
            })
        .environment(environment)
        .store(store)
        .build();
  }
}
