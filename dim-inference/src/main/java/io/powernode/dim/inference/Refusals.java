package io.powernode.dim.inference;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.TensorSpec;

/** The ways in which a model or its input is refused, each with its one error code. */
final class Refusals {
  private Refusals() {}

  /** The file is not what it claims to be. */
  static DimException malformed(String problem) {
    return invalid("the file is not a well-formed ONNX model: " + problem);
  }

  /** The file is damaged, or contradicts its descriptor, or asks for what is not allowed. */
  static DimException invalid(String problem) {
    return new DimException(ErrorCode.MODEL_INVALID, problem);
  }

  /** The model is fine, but this loader cannot run it. */
  static DimException unsupported(String problem) {
    return new DimException(ErrorCode.MODEL_UNSUPPORTED, problem);
  }

  /** The model answered what cannot be handed on. */
  static DimException output(TensorSpec spec, String problem) {
    return new DimException(ErrorCode.INFERENCE_FAILED, "output " + spec.name() + ": " + problem);
  }

  /** The caller's tensors do not fit the model. */
  static DimException data(String problem) {
    return new DimException(ErrorCode.INVALID_DATA, problem);
  }
}
