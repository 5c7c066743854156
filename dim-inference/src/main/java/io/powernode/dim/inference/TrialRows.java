package io.powernode.dim.inference;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Rows for a trial, always the same and no two alike: fractions between -1 and 1, and for whole
 * numbers 0 and 1, which are small enough to be an index.
 */
final class TrialRows {
  private TrialRows() {}

  /** So many requests of one row; only the first dimension may be open. */
  static List<Map<String, Tensor>> of(List<TensorSpec> inputs, int count) {
    SplittableRandom random = new SplittableRandom(1);
    List<Map<String, Tensor>> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Map<String, Tensor> row = new LinkedHashMap<>();
      inputs.forEach(spec -> row.put(spec.name(), row(spec, random)));
      rows.add(row);
    }
    return rows;
  }

  /** How many numbers a row has; no row is that large that a double would not hold it. */
  static double elements(List<TensorSpec> inputs) {
    return inputs.stream().mapToDouble(TrialRows::elements).sum();
  }

  private static double elements(TensorSpec spec) {
    return spec.shape().stream().mapToDouble(Math::abs).reduce(1, (a, b) -> a * b);
  }

  private static Tensor row(TensorSpec spec, SplittableRandom random) {
    long[] shape = spec.shape().stream().mapToLong(Math::abs).toArray();
    int elements = (int) elements(spec);
    DataType type = spec.datatype();
    ByteBuffer data = ByteBuffer.allocate(elements * type.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < elements; i++) {
      put(data, type, random);
    }
    return Tensor.wrap(type, shape, data.flip());
  }

  private static void put(ByteBuffer data, DataType type, SplittableRandom random) {
    int bit = random.nextInt(2);
    switch (type) {
      case FP64 -> data.putDouble(random.nextDouble(-1, 1));
      case FP32 -> data.putFloat((float) random.nextDouble(-1, 1));
      // From 0.5 to 1, and the sign.
      case FP16 -> data.putShort((short) (bit << 15 | 0x3800 | random.nextInt(1 << 10)));
      case BF16 -> data.putShort((short) (bit << 15 | 0x3f00 | random.nextInt(1 << 7)));
      case INT64, UINT64 -> data.putLong(bit);
      case INT32, UINT32 -> data.putInt(bit);
      case INT16, UINT16 -> data.putShort((short) bit);
      default -> data.put((byte) bit);
    }
  }
}
