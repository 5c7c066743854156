package io.powernode.dim.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskResult;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AnswersTest {
  private final Answers answers = new Answers(3, 100);

  private static TaskRun run(String job) {
    return run(job, 1);
  }

  private static TaskRun run(String job, long epoch) {
    TaskEnvelope task = Tasks.atEpoch(epoch, Tasks.action(job, "noop"));
    return new TaskRun("n", task, c -> ReleaseGate.ofRequest(Map.of(), 0), Tasks.DEADLINE, () -> 0);
  }

  private static TaskResult answer(int bytes) {
    return TaskResult.success("n", Map.of("x", Tensor.ofBooleans(new boolean[bytes])), 0, 0);
  }

  private void finish(String job, TaskResult result) {
    TaskRun run = run(job);
    assertThat(answers.claim(run)).isEmpty();
    assertThat(answers.end(run, result)).isTrue();
  }

  private boolean isKept(String job) {
    return answers.claim(run(job)).isPresent();
  }

  @Test
  void identity_thatIsRunning_isAnsweredByTheRun() {
    TaskRun first = run("j");
    answers.claim(first);
    var second = answers.claim(run("j")).orElseThrow().toCompletableFuture();

    assertThat(second).isNotDone();
    answers.end(first, answer(1));
    assertThat(second).isCompletedWithValue(answer(1));
  }

  @Test
  void run_always_endsOnce() {
    TaskRun run = run("j");
    answers.claim(run);

    assertThat(answers.end(run, answer(1))).isTrue();
    assertThat(answers.end(run, answer(2))).isFalse();
    assertThat(run.answer().toCompletableFuture()).isCompletedWithValue(answer(1));
  }

  @Test
  void run_thatIsLeft_isJoinedByNobody() {
    TaskRun first = run("j");
    answers.claim(first);

    assertThat(answers.leave(first, 1)).isTrue();
    assertThat(answers.leave(first, 1)).isFalse();
    assertThat(answers.end(first, answer(1))).isFalse();
    assertThat(isKept("j")).isFalse();
  }

  @Test
  void run_thatIsAskedForInALaterEpoch_isNotLeftInAnEarlier() {
    TaskRun first = run("j");
    answers.claim(first);
    assertThat(answers.claim(run("j", 2))).isPresent();
    assertThat(answers.claim(run("j", 1))).isPresent();

    assertThat(answers.leave(first, 1)).isFalse();
    assertThat(answers.running(first.id())).contains(first);
    assertThat(answers.leave(first, 2)).isTrue();
  }

  @Test
  void answers_thatAreTooMany_goOldestFirst() {
    for (String job : new String[] {"a", "b", "c", "d"}) {
      finish(job, answer(1));
    }

    assertThat(isKept("a")).isFalse();
    assertThat(isKept("b")).isTrue();
    assertThat(isKept("d")).isTrue();
  }

  @Test
  void answers_thatAreTooLarge_goOldestFirst() {
    finish("a", answer(60));
    finish("b", answer(60));

    assertThat(isKept("a")).isFalse();
    assertThat(isKept("b")).isTrue();
    finish("c", answer(101));
    assertThat(isKept("b")).isFalse();
    assertThat(isKept("c")).isFalse();
  }

  @Test
  void answer_thatWasAcknowledged_isForgotten() {
    finish("a", answer(60));
    answers.forget(Tasks.id("a"));

    assertThat(isKept("a")).isFalse();
    finish("b", answer(60));
    assertThat(isKept("b")).isTrue();
  }

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void failure_ofATask_isKeptOnlyIfItWouldBeTheSameAgain(ErrorCode code) {
    finish("a", TaskResult.failure("n", ErrorInfo.of(code, "so it is"), 0));

    assertThat(isKept("a")).isEqualTo(!code.retryable() && code != ErrorCode.CANCELLED);
  }
}
