package io.powernode.dim.core;

import io.powernode.dim.spi.NodeRows;
import io.powernode.dim.spi.TaskResult;

/** Whether a node's answer can be written down: looks at its texts, for the rest always can. */
final class Encodable {
  private Encodable() {}

  static boolean is(TaskResult result) {
    return Texts.isUnicode(result.nodeId())
        && (result instanceof TaskResult.Success success
            ? is(success)
            : is((TaskResult.Failure) result));
  }

  private static boolean is(TaskResult.Success success) {
    return success.outputs().keySet().stream().allMatch(Texts::isUnicode)
        && success.rows().map(Encodable::is).orElse(true);
  }

  private static boolean is(NodeRows rows) {
    return rows.handle().map(Texts::isUnicode).orElse(true)
        && rows.tensors().stream()
            .allMatch(
                tensor ->
                    Texts.isUnicode(tensor.name())
                        && tensor.columns().stream().allMatch(Texts::isUnicode));
  }

  private static boolean is(TaskResult.Failure failure) {
    return Texts.isUnicode(failure.error().message())
        && failure.error().subject().entrySet().stream()
            .allMatch(
                about -> Texts.isUnicode(about.getKey()) && Texts.isUnicode(about.getValue()));
  }
}
