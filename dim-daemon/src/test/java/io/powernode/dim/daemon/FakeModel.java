package io.powernode.dim.daemon;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Digest;
import io.powernode.dim.api.ModelArtifact;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.spi.BlobSource;
import io.powernode.dim.spi.Cancellation;
import io.powernode.dim.spi.LoadOptions;
import io.powernode.dim.spi.Model;
import io.powernode.dim.spi.ModelFiles;
import io.powernode.dim.spi.ModelLoader;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A loader of the format "fake" that counts, and whose models answer each row's sum as "score"
 * [n,1] unless a test gives them something else to do.
 */
final class FakeModel implements ModelLoader, BlobSource {
  static final Signature SIGNATURE =
      new Signature(
          List.of(TensorSpec.of("features", DataType.FP32, -1, 2)),
          List.of(TensorSpec.of("score", DataType.FP32, -1, 1)));

  final AtomicInteger loads = new AtomicInteger();
  final AtomicInteger closes = new AtomicInteger();
  final AtomicInteger opens = new AtomicInteger();
  final Map<Digest, byte[]> blobs = new ConcurrentHashMap<>();
  volatile ModelFiles loaded = ModelFiles.of(Path.of("none"));
  volatile Signature signature = SIGNATURE;
  volatile int jointRows = 1;
  volatile Set<String> codeFormats = Set.of();

  /** How many requests each call for several had. */
  final List<Integer> together = new CopyOnWriteArrayList<>();

  volatile Behaviour behaviour = (inputs, cancellation) -> sums(inputs);

  /** What a model does with its inputs. */
  interface Behaviour {
    Map<String, Tensor> infer(Map<String, Tensor> inputs, Cancellation cancellation);
  }

  /** A model whose file is there to fetch. */
  ModelDescriptor model(String id) {
    byte[] file = id.getBytes(StandardCharsets.UTF_8);
    Digest digest = Digest.of(file);
    blobs.put(digest, file);
    return ModelDescriptor.of(
        id, new ModelArtifact("fake", digest, file.length, List.of()), signature);
  }

  static Map<String, Tensor> sums(Map<String, Tensor> inputs) {
    Tensor features = inputs.values().iterator().next();
    double[] values = features.toDoubles();
    int width = (int) features.dimension(1);
    float[] sums = new float[values.length / width];
    for (int i = 0; i < values.length; i++) {
      sums[i / width] += (float) values[i];
    }
    return Map.of("score", Tensor.ofFloats(sums, sums.length, 1));
  }

  @Override
  public InputStream open(Digest digest) throws FileNotFoundException {
    opens.incrementAndGet();
    byte[] file = blobs.get(digest);
    if (file == null) {
      throw new FileNotFoundException("no such blob");
    }
    return new ByteArrayInputStream(file);
  }

  @Override
  public Set<String> formats() {
    return Set.of("fake");
  }

  @Override
  public Set<String> codeFormats() {
    return codeFormats;
  }

  @Override
  public Model load(ModelDescriptor model, ModelFiles files, LoadOptions options) {
    loads.incrementAndGet();
    loaded = files;
    return new Loaded();
  }

  private final class Loaded implements Model {
    private final AtomicInteger running = new AtomicInteger();
    private volatile boolean closed;

    @Override
    public Signature signature() {
      return signature;
    }

    @Override
    public Map<String, Tensor> infer(Map<String, Tensor> inputs, Cancellation cancellation) {
      running.incrementAndGet();
      try {
        if (closed) {
          throw new IllegalStateException("the model was closed before its run");
        }
        return behaviour.infer(inputs, cancellation);
      } finally {
        running.decrementAndGet();
      }
    }

    @Override
    public int jointRows() {
      return jointRows;
    }

    @Override
    public List<Map<String, Tensor>> inferAll(
        List<Map<String, Tensor>> requests, Cancellation cancellation) {
      together.add(requests.size());
      return Model.super.inferAll(requests, cancellation);
    }

    @Override
    public void close() {
      if (running.get() > 0) {
        throw new IllegalStateException("the model was closed under its run");
      }
      closed = true;
      closes.incrementAndGet();
    }
  }
}
