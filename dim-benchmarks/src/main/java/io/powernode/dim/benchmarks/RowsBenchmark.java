package io.powernode.dim.benchmarks;

import ai.onnxruntime.OrtException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.JobResult;
import io.powernode.dim.api.JobSpec;
import io.powernode.dim.api.Orchestrator;
import io.powernode.dim.core.Dim;
import io.powernode.dim.daemon.CabinetPolicy;
import io.powernode.dim.daemon.CsvCabinet;
import io.powernode.dim.daemon.CsvColumn;
import io.powernode.dim.daemon.CsvSchema;
import io.powernode.dim.daemon.PowerNode;
import io.powernode.dim.inference.OnnxLoader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A small model over all rows of two files, one for each of two nodes. */
@State(Scope.Benchmark)
public class RowsBenchmark {
  private static final int BATCH = 1024;

  /** Between two collections, for the job to get on. */
  private static final Duration PAUSE = Duration.ofMillis(20);

  /** How many rows both files have together. */
  @Param("1000000")
  public int rows = 1_000_000;

  private List<Path> files;
  private List<PowerNode> nodes;
  private Orchestrator dim;
  private JobSpec job;
  private RawSession session;

  /** What is left of the heap after collections. */
  @AuxCounters
  @State(Scope.Thread)
  public static class Heap {
    /** The most that was seen. */
    public long bytes;
  }

  /** Writes the files and starts the nodes, which check their files once. */
  @Setup
  public void start() throws IOException, OrtException {
    files = List.of(RowsFile.write(rows / 2, 1), RowsFile.write(rows / 2, 2));
    nodes = List.of(node("a", files.get(0)), node("b", files.get(1)));
    dim = Dim.orchestrator().node(nodes.get(0)).node(nodes.get(1)).build();
    Path model = Files.createTempFile("dim-bench", ".onnx");
    dim.register(new Mlp(RowsFile.FEATURES, 16, 1).write(model, "mlp"), model);
    session = RawSession.open(model);
    Files.delete(model);
    job =
        JobSpec.collaborative("mlp")
            .nodes("a", "b")
            .cabinet("rows")
            .timeout(Duration.ofMinutes(10))
            .build();
  }

  private static PowerNode node(String id, Path file) {
    List<CsvColumn> columns =
        IntStream.range(0, RowsFile.FEATURES)
            .mapToObj(i -> CsvColumn.of("f" + i, DataType.FP32))
            .toList();
    return PowerNode.builder(id)
        .loader(OnnxLoader.create())
        .cabinet(
            CsvCabinet.open(file, CsvSchema.of("rows", "numbers", columns)),
            CabinetPolicy.denyAll()
                .allowAnyModel()
                .allowAnyRequester()
                .allowAnyPurpose()
                .allowReductions("mean"))
        .build();
  }

  /** Ends the threads and deletes the files. */
  @TearDown
  public void stop() throws IOException, OrtException {
    dim.close();
    nodes.forEach(PowerNode::close);
    session.close();
    for (Path file : files) {
      Files.delete(file);
    }
  }

  /** A collaborative job: the mean of the model's answers over all rows. */
  @Benchmark
  public JobResult job() {
    return dim.submit(job).await(Duration.ofMinutes(10));
  }

  /**
   * The same, and the most that was in use while it ran. Collecting garbage all the while makes it
   * slow, so nobody takes its time.
   */
  @Benchmark
  public JobResult heap(Heap heap) {
    CompletableFuture<JobResult> running = CompletableFuture.supplyAsync(this::job);
    long most = 0;
    while (!running.isDone()) {
      System.gc();
      most = Math.max(most, leftByCollections());
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    heap.bytes += most;
    return running.join();
  }

  /** What the last collections left, whatever was allocated since. */
  private static long leftByCollections() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .map(MemoryPoolMXBean::getCollectionUsage)
        .filter(Objects::nonNull)
        .mapToLong(MemoryUsage::getUsed)
        .sum();
  }

  /** The same without DIM: one thread a file parses, runs the model and sums up. */
  @Benchmark
  public double alone() {
    return files.stream()
        .map(file -> CompletableFuture.supplyAsync(() -> sum(file)))
        .toList()
        .stream()
        .mapToDouble(CompletableFuture::join)
        .sum();
  }

  private double sum(Path file) {
    double sum = 0;
    float[] batch = new float[BATCH * RowsFile.FEATURES];
    int filled = 0;
    try (CsvReader<CsvRecord> records = CsvReader.builder().ofCsvRecord(file)) {
      records.skipLines(1);
      for (CsvRecord row : records) {
        for (int i = 0; i < RowsFile.FEATURES; i++) {
          batch[filled++] = Float.parseFloat(row.getField(i));
        }
        if (filled == batch.length) {
          sum += sum(session.run(batch, BATCH));
          filled = 0;
        }
      }
      float[] rest = Arrays.copyOf(batch, filled);
      return filled == 0 ? sum : sum + sum(session.run(rest, filled / RowsFile.FEATURES));
    } catch (IOException | OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }
}
