package io.powernode.dim.inference;

import io.powernode.dim.api.Signature;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Cancellation;
import io.powernode.dim.spi.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** A model for which running several requests together pays. Thread-safe. */
final class BatchingModel implements Model {
  private final Model model;
  private final JointRun jointRun;
  private final int maxRows;

  private BatchingModel(Model model, JointRun jointRun, int maxRows) {
    this.model = model;
    this.jointRun = jointRun;
    this.maxRows = maxRows;
  }

  /** The model, which runs requests together if its trial says so. */
  static Model of(Model model, String id, MicroBatching batching) {
    JointRun jointRun = new JointRun(model);
    BatchingTrial trial = new TrialRun(model, jointRun, batching).judge(id);
    tell(batching, trial);
    return trial.pays() ? new BatchingModel(model, jointRun, batching.maxRows()) : model;
  }

  /** What a listener throws concerns no model. */
  private static void tell(MicroBatching batching, BatchingTrial trial) {
    try {
      batching.listener().accept(trial);
    } catch (RuntimeException ignored) {
      // This module has no log, and the host's listener may.
    }
  }

  @Override
  public Signature signature() {
    return model.signature();
  }

  @Override
  public Map<String, Tensor> infer(Map<String, Tensor> inputs, Cancellation cancellation) {
    return model.infer(inputs, cancellation);
  }

  @Override
  public int jointRows() {
    return maxRows;
  }

  @Override
  public List<Map<String, Tensor>> inferAll(
      List<Map<String, Tensor>> requests, Cancellation cancellation) {
    requests.forEach(request -> InputCheck.require(model.signature(), request));
    List<Map<String, Tensor>> answers = new ArrayList<>(requests.size());
    int from = 0;
    while (from < requests.size()) {
      int to = end(requests, from);
      answers.addAll(
          to == from + 1
              ? List.of(model.infer(requests.get(from), cancellation))
              : jointRun.of(requests.subList(from, to), cancellation));
      from = to;
    }
    return answers;
  }

  /** Where the requests end that run together with the one at {@code from}. */
  private int end(List<Map<String, Tensor>> requests, int from) {
    long rows = JointRun.rows(requests.get(from));
    int to = from + 1;
    while (rows > 0 && to < requests.size()) {
      long more = JointRun.rows(requests.get(to));
      if (more == 0 || rows + more > maxRows) {
        break;
      }
      rows += more;
      to++;
    }
    return to;
  }

  @Override
  public OptionalLong memoryBytes() {
    return model.memoryBytes();
  }

  @Override
  public void close() {
    model.close();
  }
}
