package io.powernode.dim.inference;

import ai.onnxruntime.OrtException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns the runtime's errors into ours, without what must not leave the node. */
final class OnnxErrors {
  private static final Pattern NODE = Pattern.compile("while running (\\w+) node");
  private static final int MAX_MESSAGE = 300;

  private OnnxErrors() {}

  /** A model that the runtime refuses. Its message is about the model only, apart from paths. */
  static ErrorInfo ofLoad(OrtException failure, Path file) {
    String message = String.valueOf(failure.getMessage());
    String plain =
        message
            .replace(file.toString(), "the file")
            .replace(file.getParent().toString(), "the folder")
            .lines()
            .findFirst()
            .orElse("");
    return ErrorInfo.of(
        ErrorCode.MODEL_INVALID,
        "the runtime refuses the model: "
            + (plain.length() > MAX_MESSAGE ? plain.substring(0, MAX_MESSAGE) + "…" : plain));
  }

  /** A run that failed. The runtime's message may quote the data: only the operator is told. */
  static ErrorInfo ofRun(OrtException failure) {
    Matcher node = NODE.matcher(String.valueOf(failure.getMessage()));
    String where = node.find() ? " in an operator " + node.group(1) : "";
    return ErrorInfo.of(
        ErrorCode.INFERENCE_FAILED,
        "the model failed" + where + " (" + failure.getCode() + "); the node's log may say more");
  }
}
