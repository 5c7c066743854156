package io.powernode.dim.benchmarks;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The floor of {@link InferenceBenchmark}: ONNX Runtime alone on the same model and row. */
@State(Scope.Benchmark)
public class RawInferenceBenchmark {
  private final float[] row = new float[InferenceBenchmark.WIDTHS[0]];
  private RawSession session;

  /** Loads the model. */
  @Setup
  public void start() throws IOException, OrtException {
    Path file = Files.createTempFile("dim-bench", ".onnx");
    new Mlp(InferenceBenchmark.WIDTHS).write(file, "mlp");
    session = RawSession.open(file);
    Files.delete(file);
  }

  /** Frees it. */
  @TearDown
  public void stop() throws OrtException {
    session.close();
  }

  /** One row in, one row out. */
  @Benchmark
  public float[] raw() throws OrtException {
    return session.run(row, 1);
  }
}
