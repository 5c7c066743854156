package io.powernode.dim.inference;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Turns maps from label to number, the answer of scikit-learn's classifiers, into one table: FP32
 * [rows, labels]. The columns are in the order of the descriptor's labels; where it has none, in
 * the order of the keys. Immutable and thread-safe.
 */
final class LabelColumns {
  private final List<String> labels;

  LabelColumns(List<String> labels) {
    this.labels = labels;
  }

  Tensor table(TensorSpec spec, List<Map<?, ?>> rows) {
    List<?> keys = rows.isEmpty() ? List.of() : order(spec, rows.get(0));
    long width = rows.isEmpty() ? emptyWidth(spec) : keys.size();
    int bytes = Math.multiplyExact(Math.multiplyExact(rows.size(), keys.size()), Float.BYTES);
    ByteBuffer data = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (Map<?, ?> row : rows) {
      for (Object key : keys) {
        if (!(row.get(key) instanceof Float number) || row.size() != keys.size()) {
          throw Refusals.output(spec, "has rows with different labels");
        }
        data.putFloat(number);
      }
    }
    return Tensor.wrap(DataType.FP32, new long[] {rows.size(), width}, data.flip());
  }

  /** The keys in the order of the columns. */
  private List<?> order(TensorSpec spec, Map<?, ?> row) {
    List<?> sorted = List.copyOf(new TreeSet<>(row.keySet()));
    if (labels.isEmpty()) {
      return sorted;
    }
    List<String> texts = sorted.stream().map(Object::toString).toList();
    List<Object> ordered = new ArrayList<>();
    for (String label : labels) {
      int at = texts.indexOf(label);
      if (at >= 0) {
        ordered.add(sorted.get(at));
      }
    }
    if (ordered.size() == sorted.size() && ordered.size() == labels.size()) {
      return ordered;
    }
    // Classes that the model only counts have the descriptor's names in the same order.
    if (ordered.isEmpty() && sorted.size() == labels.size() && countsFromZero(sorted)) {
      return sorted;
    }
    throw Refusals.output(spec, "has other labels than the descriptor: " + texts);
  }

  private static boolean countsFromZero(List<?> sorted) {
    for (int i = 0; i < sorted.size(); i++) {
      if (!sorted.get(i).equals((long) i)) {
        return false;
      }
    }
    return true;
  }

  private static long emptyWidth(TensorSpec spec) {
    return Math.max(0, spec.shape().get(1));
  }
}
