package io.powernode.dim.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Cancellation;
import io.powernode.dim.spi.CancellationSource;
import io.powernode.dim.spi.Model;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Closing, cancelling and sharing a model. A mistake here aborts the JVM, and with it the suite.
 */
@Timeout(120)
class ModelLifecycleTest {
  private static final int CALLERS = 8;

  private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS);

  @AfterEach
  void stopCallers() throws InterruptedException {
    callers.shutdown();
    assertThat(callers.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
  }

  private static Path mnist() {
    return TestFiles.shared("models/onnx-real/mnist_cntk.onnx");
  }

  private static Map<String, Tensor> image(int seed) {
    float[] pixels = new float[784];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (i * 31 + seed * 17) % 256;
    }
    return Map.of("Input3", Tensor.ofFloats(pixels, 1, 1, 28, 28));
  }

  @Test
  void close_underManyRuns_waitsForThemAndRefusesMore() throws Exception {
    requireRefusalOfRuns(mnist(), image(1));
  }

  @Test
  void close_underManyRunsWithCasts_waitsForThemAndRefusesMore(@TempDir Path folder)
      throws Exception {
    byte[] model = ModelBytes.identity(ElementType.UINT64.number(), "n");
    ByteBuffer data = ByteBuffer.allocate(4096 * Long.BYTES);
    Tensor x = Tensor.wrap(DataType.UINT64, new long[] {4096}, data);
    requireRefusalOfRuns(TestFiles.write(folder, model), Map.of("x", x));
  }

  private void requireRefusalOfRuns(Path file, Map<String, Tensor> input) throws Exception {
    for (int round = 0; round < 50; round++) {
      Model model = TestFiles.load(file);
      CountDownLatch started = new CountDownLatch(CALLERS);
      List<Future<ErrorCode>> ends = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        ends.add(callers.submit(() -> inferUntilRefused(model, input, started)));
      }
      started.await();
      model.close();
      for (Future<ErrorCode> end : ends) {
        assertThat(end.get()).isEqualTo(ErrorCode.UNAVAILABLE);
      }
    }
  }

  private static ErrorCode inferUntilRefused(
      Model model, Map<String, Tensor> input, CountDownLatch started) {
    try {
      while (true) {
        model.infer(input, Cancellation.none());
        started.countDown();
      }
    } catch (DimException e) {
      return e.code();
    }
  }

  @Test
  void close_fromManyThreads_freesOnce() throws Exception {
    Model model = TestFiles.load(mnist());
    List<Future<?>> closes = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      closes.add(callers.submit(model::close));
    }
    for (Future<?> close : closes) {
      close.get();
    }
    assertThatCode(model::close).doesNotThrowAnyException();
    DimException refusal =
        catchThrowableOfType(DimException.class, () -> model.infer(image(1), Cancellation.none()));
    assertThat(refusal.code()).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(refusal.retryable()).isTrue();
  }

  @Test
  void infer_fromManyThreads_answersBitIdentically() throws Exception {
    try (Model model = TestFiles.load(mnist())) {
      List<Map<String, Tensor>> alone = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        alone.add(model.infer(image(i), Cancellation.none()));
      }
      List<Future<?>> checks = new ArrayList<>();
      for (int caller = 0; caller < CALLERS; caller++) {
        checks.add(
            callers.submit(
                () -> {
                  for (int i = 0; i < 200; i++) {
                    Map<String, Tensor> answer =
                        model.infer(image(i % 20), new CancellationSource());
                    assertThat(answer).isEqualTo(alone.get(i % 20));
                  }
                }));
      }
      for (Future<?> check : checks) {
        check.get();
      }
    }
  }

  @Test
  void infer_onceCancelled_doesNotEvenLookAtItsInput() {
    CancellationSource cancellation = new CancellationSource();
    cancellation.cancel();
    try (Model model = TestFiles.load(mnist())) {
      DimException refusal =
          catchThrowableOfType(DimException.class, () -> model.infer(Map.of(), cancellation));
      assertThat(refusal.code()).isEqualTo(ErrorCode.CANCELLED);
    }
  }

  /** 52 million elements through 160 operators take seconds; a stopped run ends within one. */
  @Test
  void infer_cancelledOnItsWay_endsWithinAnOperator() throws Exception {
    Path file = TestFiles.shared("models/onnx-real/go_example_big_compute.onnx");
    ByteBuffer ones = ByteBuffer.allocateDirect(52_428_800 * 4).order(ByteOrder.nativeOrder());
    Tensor input = Tensor.wrap(DataType.FP32, new long[] {1, 52_428_800}, ones);
    CancellationSource source = new CancellationSource();
    CountDownLatch running = new CountDownLatch(1);
    Cancellation watched = whenSubscribed(source, running::countDown);
    try (Model model = TestFiles.load(file)) {
      Future<DimException> end =
          callers.submit(
              () ->
                  catchThrowableOfType(
                      DimException.class, () -> model.infer(Map.of("Input", input), watched)));
      running.await();
      assertThat(end.isDone()).isFalse();
      source.cancel();
      Awaitility.await().atMost(Duration.ofSeconds(20)).until(end::isDone);
      assertThat(end.get().code()).isEqualTo(ErrorCode.CANCELLED);
    }
  }

  /** A cancel may come at any moment, also when the run's own memory is just being freed. */
  @Test
  void infer_cancelledAtAnyMoment_answersOrSaysCancelled() throws Exception {
    Map<String, Tensor> input = image(1);
    AtomicInteger answered = new AtomicInteger();
    AtomicInteger cancelled = new AtomicInteger();
    try (Model model = TestFiles.load(mnist())) {
      List<Future<?>> loops = new ArrayList<>();
      for (int pair = 0; pair < CALLERS / 2; pair++) {
        loops.add(callers.submit(() -> race(model, input, answered, cancelled)));
      }
      for (Future<?> loop : loops) {
        loop.get();
      }
    }
    assertThat(answered.get() + cancelled.get()).isEqualTo(CALLERS / 2 * 500);
    assertThat(cancelled.get()).isPositive();
  }

  private void race(
      Model model, Map<String, Tensor> input, AtomicInteger answered, AtomicInteger cancelled) {
    for (int i = 0; i < 500; i++) {
      CancellationSource source = new CancellationSource();
      Future<?> cancel = callers.submit(source::cancel);
      try {
        model.infer(input, source);
        answered.incrementAndGet();
      } catch (DimException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED);
        cancelled.incrementAndGet();
      }
      assertThatCode(cancel::get).doesNotThrowAnyException();
    }
  }

  /** The same cancellation, and a signal when somebody waits for it. */
  private static Cancellation whenSubscribed(Cancellation inner, Runnable signal) {
    return new Cancellation() {
      @Override
      public boolean isCancelled() {
        return inner.isCancelled();
      }

      @Override
      public Subscription onCancel(Runnable action) {
        Subscription subscription = inner.onCancel(action);
        signal.run();
        return subscription;
      }
    };
  }
}
