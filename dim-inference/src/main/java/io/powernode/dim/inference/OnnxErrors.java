package io.powernode.dim.inference;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtException.OrtErrorCode;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns the runtime's errors into ours, without what must not leave the node. */
final class OnnxErrors {
  private static final Pattern NODE = Pattern.compile("while running (\\w+) node");

  /** The code, which is told apart, and places in the runtime's own sources. */
  private static final Pattern NOISE =
      Pattern.compile("^Error code - \\w+ - message: |/onnxruntime_src/\\S+ ");

  private static final int MAX_MESSAGE = 400;

  private OnnxErrors() {}

  /** A model that the runtime refuses. Its message is about the model only, apart from paths. */
  static ErrorInfo ofLoad(OrtException failure, Path file) {
    String message =
        NOISE
            .matcher(String.valueOf(failure.getMessage()))
            .replaceAll("")
            .replace(file.toString(), "the file")
            .replace(file.resolveSibling("").toString(), "the folder")
            .replaceAll("\\s+", " ")
            .strip();
    String text = message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) : message;
    return ErrorInfo.of(
        failure.getCode() == OrtErrorCode.ORT_NOT_IMPLEMENTED
            ? ErrorCode.MODEL_UNSUPPORTED
            : ErrorCode.MODEL_INVALID,
        "the runtime refuses the model (" + failure.getCode() + "): " + text);
  }

  /** A run that failed. The runtime's message may quote the data: only the operator is told. */
  static ErrorInfo ofRun(OrtException failure) {
    Matcher node = NODE.matcher(String.valueOf(failure.getMessage()));
    String where = node.find() ? " in an operator " + node.group(1) : "";
    return ErrorInfo.of(
        ErrorCode.INFERENCE_FAILED,
        "the model failed" + where + " (" + failure.getCode() + "); the error's cause says more");
  }
}
