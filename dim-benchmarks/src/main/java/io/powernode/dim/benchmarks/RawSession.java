package io.powernode.dim.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;

/** ONNX Runtime as one would call it without DIM, with the settings that DIM uses. */
final class RawSession implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final ThreadLocal<FloatBuffer> buffers =
      ThreadLocal.withInitial(() -> FloatBuffer.allocate(0));
  private final OrtSession session;

  private RawSession(OrtSession.SessionOptions options, Path model) throws OrtException {
    session = environment.createSession(model.toString(), options);
  }

  static RawSession open(Path model) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      return new RawSession(options, model);
    }
  }

  /** Runs {@code rows} rows. */
  float[] run(float[] values, int rows) throws OrtException {
    FloatBuffer buffer = buffer(values.length).clear().put(values).flip();
    long[] shape = {rows, values.length / rows};
    try (OnnxTensor input = OnnxTensor.createTensor(environment, buffer, shape);
        OrtSession.Result result = session.run(Map.of("x", input))) {
      FloatBuffer output = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] answer = new float[output.remaining()];
      output.get(answer);
      return answer;
    }
  }

  /** To allocate one for each call would cost more than a small model does. */
  private FloatBuffer buffer(int size) {
    FloatBuffer buffer = buffers.get();
    if (buffer.capacity() < size) {
      buffer =
          ByteBuffer.allocateDirect(size * Float.BYTES)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      buffers.set(buffer);
    }
    return buffer;
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
