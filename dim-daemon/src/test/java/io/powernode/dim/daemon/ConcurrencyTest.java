package io.powernode.dim.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Cancellation;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node with real threads. */
class ConcurrencyTest {
  private final FakeModel models = new FakeModel();

  @TempDir Path folder;

  private PowerNode node(PowerNodeBuilder builder) {
    PowerNode node = builder.loader(models).modelFolder(folder).build();
    node.attach(models);
    return node;
  }

  private static TaskEnvelope task(String job, ModelDescriptor model, float value) {
    return Tasks.onTensors(
        job, model, Map.of("features", Tensor.ofFloats(new float[] {value, value}, 1, 2)));
  }

  @Test
  void tasks_ofFewModels_shareThemAndGetTheirOwnAnswers() {
    List<ModelDescriptor> few = Stream.of("m1", "m2", "m3").map(models::model).toList();
    List<CompletionStage<TaskResult>> answers = new ArrayList<>();
    try (PowerNode node = node(PowerNode.builder("n").concurrency(8).queue(300))) {
      for (int i = 0; i < 300; i++) {
        answers.add(node.execute(task("job-" + i, few.get(i % 3), i), Tasks.DEADLINE));
      }
      for (int i = 0; i < 300; i++) {
        TaskResult.Success answer = (TaskResult.Success) Tasks.await(answers.get(i));
        assertThat(answer.outputs())
            .containsEntry("score", Tensor.ofFloats(new float[] {2 * i}, 1, 1));
      }
      await().until(() -> node.load().active() == 0);
    }

    assertThat(models.loads).hasValue(3);
    assertThat(models.opens).hasValue(3);
    assertThat(models.closes).hasValue(3);
  }

  @Test
  void callerRuns_whileASlotIsFree_runsThereAndElseOnANodesThread() throws Exception {
    ModelDescriptor model = models.model("m");
    List<Thread> ranOn = new CopyOnWriteArrayList<>();
    CountDownLatch free = new CountDownLatch(1);
    models.behaviour =
        (inputs, cancellation) -> {
          ranOn.add(Thread.currentThread());
          await().until(() -> free.getCount() == 0);
          return FakeModel.sums(inputs);
        };
    try (PowerNode node = node(PowerNode.builder("n").concurrency(1).callerRuns())) {
      CompletableFuture<TaskResult> first =
          CompletableFuture.supplyAsync(
              () -> Tasks.await(node.execute(task("job-1", model, 1), Tasks.DEADLINE)));
      await().until(() -> ranOn.size() == 1);
      CompletionStage<TaskResult> second = node.execute(task("job-2", model, 2), Tasks.DEADLINE);
      free.countDown();

      assertThat(first.get()).isInstanceOf(TaskResult.Success.class);
      assertThat(Tasks.await(second)).isInstanceOf(TaskResult.Success.class);
      await().until(() -> node.load().active() == 0);
      Tasks.await(node.execute(task("job-3", model, 3), Tasks.DEADLINE));
    }
    assertThat(ranOn).hasSize(3).doesNotHaveDuplicates().last().isEqualTo(Thread.currentThread());
    assertThat(ranOn.get(1).getName()).isEqualTo("dim-worker");
  }

  @Test
  void models_thatDoNotFitTheCache_areNeverClosedUnderTheirRuns() {
    List<ModelDescriptor> many = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      many.add(models.model("m" + i));
    }
    List<CompletionStage<TaskResult>> answers = new ArrayList<>();
    try (PowerNode node =
        node(PowerNode.builder("n").concurrency(6).loadedModels(1, 1000).modelFolderBytes(18))) {
      for (int i = 0; i < 400; i++) {
        answers.add(node.execute(task("job-" + i, many.get(i % 10), i), Tasks.DEADLINE));
      }
      assertThat(answers)
          .allSatisfy(
              answer -> assertThat(Tasks.await(answer)).isInstanceOf(TaskResult.Success.class));
    }

    assertThat(models.loads.get()).isGreaterThan(10);
    assertThat(models.closes).hasValue(models.loads.get());
  }

  @Test
  void cancel_ofARunningInference_answersAtOnceAndStopsIt() {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    models.behaviour =
        (inputs, cancellation) -> {
          running.countDown();
          waitFor(cancellation);
          stopped.countDown();
          return FakeModel.sums(inputs);
        };
    try (PowerNode node = node(PowerNode.builder("n"))) {
      TaskEnvelope task = task("job", models.model("m"), 1);
      CompletionStage<TaskResult> answer = node.execute(task, Tasks.DEADLINE);
      join(running);
      node.cancel(task.id(), 1);

      assertThat(Tasks.error(Tasks.await(answer)).code()).isEqualTo(ErrorCode.CANCELLED);
      join(stopped);
    }
  }

  @Test
  void deadline_ofARunningInference_answersAtOnceAndStopsIt() {
    models.behaviour =
        (inputs, cancellation) -> {
          waitFor(cancellation);
          return FakeModel.sums(inputs);
        };
    try (PowerNode node = node(PowerNode.builder("n"))) {
      CompletionStage<TaskResult> answer =
          node.execute(task("job", models.model("m"), 1), Duration.ofMillis(50));

      assertThat(Tasks.error(Tasks.await(answer)).code()).isEqualTo(ErrorCode.TASK_TIMEOUT);
      await().until(() -> node.load().active() == 0);
    }
  }

  @Test
  void close_whileAnInferenceIgnoresItsCancellation_waitsForIt() {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    models.behaviour =
        (inputs, cancellation) -> {
          running.countDown();
          join(go);
          return FakeModel.sums(inputs);
        };
    PowerNode node = node(PowerNode.builder("n"));
    CompletionStage<TaskResult> answer =
        node.execute(task("job", models.model("m"), 1), Tasks.DEADLINE);
    join(running);
    CompletableFuture<Void> closing = CompletableFuture.runAsync(node::close);

    assertThat(Tasks.error(Tasks.await(answer)).code()).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(closing).isNotDone();
    assertThat(models.closes).hasValue(0);
    go.countDown();
    closing.join();
    assertThat(models.closes).hasValue(1);
  }

  @Test
  void modelFolder_thatWasNotGiven_isDeletedOnClose() {
    PowerNode node = PowerNode.builder("n").loader(models).build();
    node.attach(models);
    Tasks.success(node, task("job", models.model("m"), 1));
    Path made = models.loaded.folder().getParent();
    assertThat(made).isDirectory();

    node.close();

    assertThat(made).doesNotExist();
  }

  @Test
  void modelFolder_thatWasGiven_keepsItsModelsForTheNextNode() {
    for (String job : List.of("first", "second")) {
      try (PowerNode node = node(PowerNode.builder("n"))) {
        Tasks.success(node, task(job, models.model("m"), 1));
      }
    }

    assertThat(models.opens).hasValue(1);
    assertThat(models.loads).hasValue(2);
  }

  private static void waitFor(Cancellation cancellation) {
    CountDownLatch cancelled = new CountDownLatch(1);
    Subscription subscription = cancellation.onCancel(cancelled::countDown);
    join(cancelled);
    subscription.close();
  }

  private static void join(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
