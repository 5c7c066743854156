package io.powernode.dim.inference;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.spi.Cancellation;
import io.powernode.dim.spi.Model;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a model once on the rows of several requests, one after the other along the first dimension,
 * and gives each request its rows of the answer. Thread-safe.
 */
final class JointRun {
  private final Model model;
  private final DirectBuffers buffers = new DirectBuffers();

  JointRun(Model model) {
    this.model = model;
  }

  /** The rows of a request; 0 if its inputs do not agree. */
  static long rows(Map<String, Tensor> request) {
    long[] rows = request.values().stream().mapToLong(t -> t.dimension(0)).distinct().toArray();
    return rows.length == 1 ? rows[0] : 0;
  }

  /** The answers to requests that fit the signature and have rows. */
  List<Map<String, Tensor>> of(List<Map<String, Tensor>> requests, Cancellation cancellation) {
    long[] rows = requests.stream().mapToLong(JointRun::rows).toArray();
    long all = 0;
    for (long some : rows) {
      all += some;
    }
    List<ByteBuffer> borrowed = new ArrayList<>();
    try {
      Map<String, Tensor> joint = new LinkedHashMap<>();
      for (TensorSpec input : model.signature().inputs()) {
        joint.put(input.name(), join(input.name(), requests, all, borrowed));
      }
      return split(model.infer(joint, cancellation), rows, all);
    } finally {
      borrowed.forEach(buffers::giveBack);
    }
  }

  private Tensor join(
      String name, List<Map<String, Tensor>> requests, long rows, List<ByteBuffer> borrowed) {
    List<Tensor> parts = requests.stream().map(request -> request.get(name)).toList();
    int bytes = parts.stream().mapToInt(Tensor::byteSize).reduce(0, Math::addExact);
    ByteBuffer buffer = buffers.borrow(bytes);
    borrowed.add(buffer);
    parts.forEach(part -> buffer.put(part.data()));
    long[] shape = parts.get(0).shape();
    shape[0] = rows;
    return Tensor.wrap(parts.get(0).dataType(), shape, buffer.flip());
  }

  /** Copies, since a view of one row would keep all others in memory. */
  private static List<Map<String, Tensor>> split(
      Map<String, Tensor> answer, long[] rows, long all) {
    List<Map<String, Tensor>> answers = new ArrayList<>();
    int from = 0;
    for (long some : rows) {
      Map<String, Tensor> own = new LinkedHashMap<>();
      for (Map.Entry<String, Tensor> output : answer.entrySet()) {
        own.put(output.getKey(), slice(output.getKey(), output.getValue(), from, (int) some, all));
      }
      answers.add(own);
      from += (int) some;
    }
    return answers;
  }

  private static Tensor slice(String name, Tensor output, int from, int rows, long all) {
    long[] shape = output.shape();
    if (shape.length == 0 || shape[0] != all) {
      throw new DimException(
          ErrorCode.INFERENCE_FAILED,
          "output " + name + ": is " + output + "; allowed: a row for each row of the inputs");
    }
    shape[0] = rows;
    int width = output.byteSize() / (int) all;
    ByteBuffer copy = ByteBuffer.allocate(rows * width).order(ByteOrder.LITTLE_ENDIAN);
    copy.put(output.data().slice(from * width, rows * width)).flip();
    return Tensor.wrap(output.dataType(), shape, copy);
  }
}
