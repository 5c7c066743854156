package io.powernode.dim.patterns;

import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.Violations;
import java.util.HashSet;
import java.util.Map;

/** Whether the job's own data is there just when something reads it. */
final class InputDataChecks {
  private static final String FIELD = "inputData";

  private InputDataChecks() {}

  static void requireSome(Map<String, Tensor> inputData, Violations violations) {
    violations.require(
        !inputData.isEmpty(), FIELD, "is missing, and the job reads it", "named tensors or rows");
  }

  /** Refuses names of rows that tell none of them apart. */
  static void requireNames(Map<String, Tensor> inputData, Violations violations) {
    Tensor ids = inputData.get(RowPartials.ROW_IDS);
    violations
        .at(FIELD)
        .require(
            ids == null
                || Tensors.isText(ids)
                    && ids.rank() == 1
                    && new HashSet<>(ids.strings()).size() == ids.elements(),
            RowPartials.ROW_IDS,
            "does not name the rows",
            "distinct texts, BYTES of shape [n]");
  }

  static void requireNone(Map<String, Tensor> inputData, Violations violations) {
    violations.require(
        inputData.isEmpty(), FIELD, "is given, but nothing in the job reads it", "left out");
  }
}
