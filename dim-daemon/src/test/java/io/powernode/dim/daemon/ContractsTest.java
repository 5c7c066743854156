package io.powernode.dim.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Subscription;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Cancellation;
import io.powernode.dim.spi.DataCabinet;
import io.powernode.dim.spi.NodeEndpoint;
import io.powernode.dim.spi.TaskEnvelope.Work;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.testkit.DataCabinetContract;
import io.powernode.dim.testkit.NodeEndpointContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The node and its cabinets keep their contracts. */
class ContractsTest {

  @Nested
  class Node extends NodeEndpointContract {
    private final FakeModel models = new FakeModel();
    private final AtomicInteger runs = new AtomicInteger();
    private final AtomicBoolean endless = new AtomicBoolean();

    @Override
    protected NodeEndpoint create() {
      models.behaviour = this::infer;
      CabinetPolicy open =
          CabinetPolicy.denyAll()
              .allowAnyModel()
              .allowAnyRequester()
              .allowAnyPurpose()
              .allowReductions("total");
      PowerNode node =
          PowerNode.builder("cleveland")
              .loader(models)
              .action(TestActions.named("do", input -> input))
              .reduction(FakeReduction.total())
              .cabinet(numbers().build(), open)
              .build();
      node.attach(models);
      return node;
    }

    private Map<String, Tensor> infer(Map<String, Tensor> inputs, Cancellation cancellation) {
      runs.incrementAndGet();
      if (endless.get()) {
        waitFor(cancellation);
      }
      return FakeModel.sums(inputs);
    }

    private static void waitFor(Cancellation cancellation) {
      CountDownLatch cancelled = new CountDownLatch(1);
      Subscription hook = cancellation.onCancel(cancelled::countDown);
      try {
        assertThat(cancelled.await(60, TimeUnit.SECONDS)).as("cancelled").isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      } finally {
        hook.close();
      }
      throw new DimException(ErrorCode.CANCELLED, "cancelled");
    }

    @Override
    protected Work work() {
      endless.set(false);
      return new Work.Model(models.model("m"));
    }

    @Override
    protected Optional<Work> endlessWork() {
      Work work = work();
      endless.set(true);
      return Optional.of(work);
    }

    @Override
    protected Optional<Work.Action> action() {
      return Optional.of(new Work.Action("do"));
    }

    @Override
    protected TaskInput input() {
      return TaskInput.Cabinet.named("numbers");
    }

    @Override
    protected Optional<ReductionSpec> reduction() {
      return Optional.of(ReductionSpec.of("total"));
    }

    @Override
    protected int timesDone() {
      return runs.get();
    }
  }

  private static InMemoryCabinet.Builder numbers() {
    return InMemoryCabinet.builder("numbers", "medical")
        .column("a", Tensor.ofDoubles(new double[] {1, 2, Double.NaN, 4, 5}))
        .column("b", Tensor.ofLongs(new long[] {10, 20, 30, 40, 50}));
  }

  @Nested
  class InMemory extends DataCabinetContract {
    @Override
    protected DataCabinet create() {
      return numbers().build();
    }
  }

  @Nested
  class InMemoryWithTime extends DataCabinetContract {
    @Override
    protected DataCabinet create() {
      List<LocalDate> days =
          List.of("2024-01-01", "2024-06-30", "2024-07-01", "2025-01-01", "2023-05-05").stream()
              .map(LocalDate::parse)
              .toList();
      return numbers()
          .label("ill", List.of("no", "yes"), List.of("no", "yes", "no", "no", "yes"))
          .time("day", days)
          .build();
    }
  }

  @Nested
  class Csv extends DataCabinetContract {
    @TempDir Path folder;

    @Override
    protected DataCabinet create() throws IOException {
      Path file =
          Files.writeString(
              folder.resolve("patients.csv"),
              """
              patient,age,sex,day,diagnosis
              p1,63.5,f,2024-01-01,ill
              p2,41,m,2024-06-30,well
              p3,.7,f,2024-12-31,ill
              p4,1e2,m,2025-01-01,well
              """);
      return CsvCabinet.open(
          file,
          new CsvSchema(
              "patients",
              "medical",
              Optional.empty(),
              Optional.of("patient"),
              Optional.empty(),
              Optional.of("diagnosis"),
              Optional.of("day"),
              Optional.empty(),
              List.of(
                  CsvColumn.of("patient", DataType.BYTES),
                  CsvColumn.of("age", DataType.FP64),
                  CsvColumn.of("sex", DataType.BYTES).withCategories("f", "m"),
                  CsvColumn.of("day", DataType.BYTES),
                  CsvColumn.of("diagnosis", DataType.BYTES).withCategories("ill", "well"))));
    }
  }
}
