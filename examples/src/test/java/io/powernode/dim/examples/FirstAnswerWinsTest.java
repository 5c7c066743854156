package io.powernode.dim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.JobState;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.NodeProfile;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.examples.FirstAnswerWins.Race;
import io.powernode.dim.spi.PatternEngine;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.testkit.EngineCrashHarness;
import io.powernode.dim.testkit.FakeModels;
import io.powernode.dim.testkit.FakeNode;
import io.powernode.dim.testkit.FakeProfile;
import io.powernode.dim.testkit.PatternEngineContract;
import io.powernode.dim.testkit.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A plugin author's test of a pattern: what every engine must do, and the orchestrator killed at
 * every commit of a job. The liar answers first and wrongly, the hare next, the tortoise never.
 */
class FirstAnswerWinsTest extends PatternEngineContract<Race> {
  private static final Reply ANSWER = Reply.answer(Map.of("y", Tensor.ofDoubles(new double[] {7})));
  private static final Reply WRONG = ANSWER.withNaN().after(Duration.ofMillis(1));
  private static final Reply RIGHT = ANSWER.after(Duration.ofMillis(20));

  @Override
  protected PatternEngine<Race> create() {
    return new FirstAnswerWins();
  }

  @Override
  protected Race spec() {
    return new Race("m", List.of("liar", "tortoise", "hare"));
  }

  @Override
  protected List<ModelDescriptor> models() {
    return List.of(FakeModels.model("m"));
  }

  @Override
  protected List<NodeProfile> nodes() {
    return List.of(profile("liar"), profile("tortoise"), profile("hare"));
  }

  @Test
  void race_interruptedAnywhere_isWonByTheFirstValidAnswer() {
    EngineCrashHarness.Report report = race(WRONG, Reply.hang(), RIGHT).run();
    assertThat(report.outcome().state()).isEqualTo(JobState.COMPLETED);
    assertThat(report.outcome().output().orElseThrow().tensors().get("y").toDoubles())
        .containsExactly(7);
    assertThat(report.outcome().evidence().orElseThrow().details().text("winner")).contains("hare");
    assertThat(report.crashes()).isPositive();
  }

  @Test
  void race_thatIsWon_cancelsTheLoser() {
    List<FakeNode> tortoises = new ArrayList<>();
    EngineCrashHarness.of(JobSpec.of(spec()).build())
        .model(FakeModels.model("m"))
        .node(env -> new FakeNode(profile("liar"), env).on("m", WRONG))
        .node(
            env -> {
              FakeNode tortoise = new FakeNode(profile("tortoise"), env).on("m", Reply.hang());
              tortoises.add(tortoise);
              return tortoise;
            })
        .node(env -> new FakeNode(profile("hare"), env).on("m", RIGHT))
        .run();
    // Of the run without a crash; after one, another orchestrator may have sent the task again.
    assertThat(tortoises.get(0).log().cancelled())
        .extracting(TaskId::step)
        .containsExactly("race/tortoise");
  }

  @Test
  void race_withoutAValidAnswer_fails() {
    Reply broken = Reply.fail(ErrorCode.INFERENCE_FAILED);
    EngineCrashHarness.Report report = race(WRONG, broken, broken).run();
    assertThat(report.outcome().state()).isEqualTo(JobState.FAILED);
    assertThat(report.outcome().error().orElseThrow().code()).isEqualTo(ErrorCode.QUORUM_NOT_MET);
  }

  private EngineCrashHarness race(Reply liar, Reply tortoise, Reply hare) {
    // The engine needs no introduction: the service loader finds it.
    return EngineCrashHarness.of(JobSpec.of(spec()).build())
        .model(FakeModels.model("m"))
        .node(env -> new FakeNode(profile("liar"), env).on("m", liar))
        .node(env -> new FakeNode(profile("tortoise"), env).on("m", tortoise))
        .node(env -> new FakeNode(profile("hare"), env).on("m", hare));
  }

  private static NodeProfile profile(String node) {
    return FakeProfile.of(node).formats(FakeModels.FORMAT).build();
  }
}
