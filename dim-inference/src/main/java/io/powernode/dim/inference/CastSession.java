package io.powernode.dim.inference;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.RunOptions;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A session that only casts: the inputs of a model, or its outputs, whose element type ONNX
 * Runtime's Java interface cannot carry. Where there are none it holds no session. Thread-safe.
 */
final class CastSession implements AutoCloseable {
  private static final Cast NOTHING = new Cast(Map.of(), Optional.empty());

  private final List<String> names;
  private final Optional<OnnxSession> session;

  private CastSession(List<String> names, Optional<OnnxSession> session) {
    this.names = names;
    this.session = session;
  }

  /** From what carries the inputs to what the model takes. */
  static CastSession ofInputs(OrtEnvironment environment, List<OnnxValue> inputs) {
    return open(environment, inputs, type -> new CastModel.Cast(type.carrier(), type));
  }

  /** From what the model answers to what carries the outputs. */
  static CastSession ofOutputs(OrtEnvironment environment, List<OnnxValue> outputs) {
    return open(environment, outputs, type -> new CastModel.Cast(type, type.carrier()));
  }

  private static CastSession open(
      OrtEnvironment environment,
      List<OnnxValue> values,
      Function<ElementType, CastModel.Cast> direction) {
    List<String> names = new ArrayList<>();
    List<CastModel.Cast> casts = new ArrayList<>();
    for (OnnxValue value : values) {
      Optional<ElementType> cast = value.element().filter(type -> type.carrier() != type);
      if (cast.isPresent()) {
        names.add(value.name());
        casts.add(direction.apply(cast.get()));
      }
    }
    if (names.isEmpty()) {
      return new CastSession(names, Optional.empty());
    }
    try {
      return new CastSession(
          names, Optional.of(OnnxSession.open(environment, CastModel.of(casts))));
    } catch (OrtException e) {
      String message = "the runtime cannot cast the element types of " + String.join(", ", names);
      throw new DimException(ErrorInfo.of(ErrorCode.MODEL_UNSUPPORTED, message), e);
    }
  }

  /** Casts those of {@code tensors} that need it, until the answer is closed. */
  Cast cast(Function<String, ai.onnxruntime.OnnxValue> tensors, RunOptions options)
      throws OrtException {
    if (session.isEmpty()) {
      return NOTHING;
    }
    Map<String, OnnxTensor> from = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      from.put(CastModel.input(i), (OnnxTensor) tensors.apply(names.get(i)));
    }
    OrtSession.Result answer = session.get().use(open -> open.run(from, options));
    Map<String, OnnxTensor> to = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      to.put(names.get(i), (OnnxTensor) answer.get(i));
    }
    return new Cast(to, Optional.of(answer));
  }

  @Override
  public void close() {
    session.ifPresent(OnnxSession::close);
  }

  /**
   * Tensors that were cast.
   *
   * @param tensors by name; those that need no cast are missing
   */
  record Cast(Map<String, OnnxTensor> tensors, Optional<OrtSession.Result> owner)
      implements AutoCloseable {
    @Override
    public void close() {
      owner.ifPresent(OrtSession.Result::close);
    }
  }
}
