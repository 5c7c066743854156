package io.powernode.dim.inference;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.ExecutionMode;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A session that runs share, and that is never closed under one of them. Thread-safe. */
final class OnnxSession implements AutoCloseable {
  /** Constants that the optimiser computes at load may not become larger than this. */
  private static final long MAX_FOLDED_BYTES = 1L << 28;

  private final SessionOptions options;
  private final OrtSession session;
  private final RunGate gate = new RunGate();

  private OnnxSession(SessionOptions options, OrtSession session) {
    this.options = options;
    this.session = session;
  }

  /** Something done with an open session. */
  interface Use<T> {
    T with(OrtSession session) throws OrtException;
  }

  static OnnxSession open(OrtEnvironment environment, Path file, int threads) throws OrtException {
    return open(threads, options -> environment.createSession(file.toString(), options));
  }

  /** A session for a model in memory, which refers to no other file. */
  static OnnxSession open(OrtEnvironment environment, byte[] model) throws OrtException {
    return open(1, options -> environment.createSession(model, options));
  }

  /** Makes the runtime's session. */
  private interface Opening {
    OrtSession with(SessionOptions options) throws OrtException;
  }

  private static OnnxSession open(int threads, Opening opening) throws OrtException {
    SessionOptions options = new SessionOptions();
    try {
      options.setExecutionMode(ExecutionMode.SEQUENTIAL);
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.setOptimizationLevel(OptLevel.ALL_OPT);
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      // Callers bring the parallelism: a thread that spins takes it away from them.
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      options.addConfigEntry("session.inter_op.allow_spinning", "0");
      // The format was checked, so a file name must not make the runtime expect another one.
      options.addConfigEntry("session.load_model_format", "ONNX");
      options.addConfigEntry(
          "optimization.constant_folding_max_output_size_in_bytes",
          Long.toString(MAX_FOLDED_BYTES));
      return new OnnxSession(options, opening.with(options));
    } catch (OrtException | RuntimeException e) {
      options.close();
      throw e;
    }
  }

  /** The names of the inputs, then of the outputs, as the runtime sees them. */
  List<String> names() {
    List<String> names = new ArrayList<>(session.getInputNames());
    names.addAll(session.getOutputNames());
    return names;
  }

  /**
   * Keeps the session open while {@code use} works with it.
   *
   * @throws DimException with UNAVAILABLE once the session is closing
   */
  <T> T use(Use<T> use) throws OrtException {
    gate.enter();
    try {
      return use.with(session);
    } finally {
      gate.leave();
    }
  }

  @Override
  public void close() {
    gate.close(this::free);
  }

  private void free() {
    try {
      session.close();
      options.close();
    } catch (OrtException e) {
      throw new DimException(ErrorInfo.of(ErrorCode.INTERNAL, "the model could not be freed"), e);
    }
  }
}
