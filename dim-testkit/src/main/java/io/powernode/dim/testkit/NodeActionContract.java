package io.powernode.dim.testkit;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.Ids;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.NodeAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link NodeAction} must do. Extend it, say how to create an action, and count what it
 * does.
 */
public abstract class NodeActionContract {
  private NodeAction action;

  /** For subclasses. */
  protected NodeActionContract() {}

  /** A new action in a world in which it has done nothing. */
  protected abstract NodeAction create() throws Exception;

  /** An input that the action accepts. */
  protected abstract Map<String, Tensor> input();

  /** How often the action of this test has changed its world. */
  protected abstract int timesDone();

  @BeforeEach
  void createAction() throws Exception {
    action = create();
  }

  @Test
  void name_always_isAnIdentifier() {
    assertThat(Ids.isValid(action.name())).isTrue();
    assertThat(action.name()).isEqualTo(action.name());
  }

  @Test
  void perform_underTheSameKey_happensOnceAndAnswersTheSame() {
    Map<String, Tensor> first = action.perform(input(), "job/step");
    assertThat(action.perform(input(), "job/step")).isEqualTo(first);
    assertThat(timesDone()).isEqualTo(1);
  }

  @Test
  void perform_underAnotherKey_happensAgain() {
    action.perform(input(), "job/step");
    action.perform(input(), "job/step-2");
    assertThat(timesDone()).isEqualTo(2);
  }

  @Test
  void perform_underTheSameKeyByMany_happensOnce() throws Exception {
    Callable<Map<String, Tensor>> attempt = () -> action.perform(input(), "job/step");
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Map<String, Tensor>>> running = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        running.add(threads.submit(attempt));
      }
      Map<String, Tensor> first = running.get(0).get(30, SECONDS);
      for (Future<Map<String, Tensor>> one : running) {
        assertThat(one.get(30, SECONDS)).isEqualTo(first);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(timesDone()).isEqualTo(1);
  }
}
