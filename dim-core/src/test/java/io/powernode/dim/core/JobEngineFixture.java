package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Evidence;
import io.powernode.dim.api.JobOutput;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.Review;
import io.powernode.dim.api.ReviewRequest;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.Task;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** What the tests of the job engine share: two nodes, a script and a job. */
abstract class JobEngineFixture {
  static final Duration LIMIT = Duration.ofSeconds(20);
  static final JobSpec JOB = JobSpec.of(new ScriptedEngine.Spec()).build();
  static final ReviewRequest ASK =
      new ReviewRequest(
          List.of("y", "n"), List.of(new ReviewRequest.Item("r", Map.of(), 0.5)), Optional.empty());
  static final Review YES = new Review("ann", Map.of("r", "y"), Optional.empty());

  final EchoNode node = new EchoNode("n1");
  final EchoNode silent = new EchoNode("n2", call -> new CompletableFuture<>());

  OrchestratorBuilder builder(Function<PatternContext, PatternResult> script) {
    return Dim.orchestrator().node(node).node(silent).plugin(new ScriptedEngine(script));
  }

  static PatternResult done() {
    return PatternResult.completed(JobOutput.ofTensors(Map.of()), Evidence.of("x"));
  }

  static Task book(String step) {
    return Task.action(step, "book").onNode("n1");
  }

  static Task hang(String step) {
    return Task.action(step, "book").onNode("n2");
  }

  static void assertCode(Throwable thrown, ErrorCode code) {
    assertThat(thrown)
        .isInstanceOfSatisfying(DimException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
