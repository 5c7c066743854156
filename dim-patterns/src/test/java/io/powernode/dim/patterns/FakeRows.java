package io.powernode.dim.patterns;

import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.RoutedRows;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.spi.NodeRows;
import io.powernode.dim.spi.RowRoute;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskInput.Column;
import io.powernode.dim.spi.TaskInput.Division;
import io.powernode.dim.spi.TaskResult;
import io.powernode.dim.spi.TensorDigest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What nodes do with rows of their own, without any policy: they stay under their step's name. */
final class FakeRows {
  private static final PipelineConditions CONDITIONS = new PipelineConditions();

  private final Map<String, Map<String, Tensor>> kept = new HashMap<>();

  /** Forgets everything, as a node does that starts anew. */
  void lose() {
    kept.clear();
  }

  /** The handles of what stays. */
  Set<String> handles() {
    return kept.keySet();
  }

  /** Runs a task on rows that stay. */
  TaskResult run(Task task, UnaryOperator<Map<String, Tensor>> model) {
    TaskInput.Kept input = (TaskInput.Kept) task.input();
    String node = FakeContext.nodeOf(task);
    try {
      Map<String, Tensor> columns = columns(input.columns());
      if (task.work() instanceof Task.Work.Test test) {
        boolean holds = CONDITIONS.holds(test.condition().text(), columns);
        return TaskResult.success(
            node, Map.of(Task.HOLDS, Tensor.ofBooleans(new boolean[] {holds})), 1, 2);
      }
      if (input.division().isEmpty()) {
        return answer(task, model.apply(columns), Optional.empty());
      }
      Division division = input.division().get();
      int rows = (int) columns.values().iterator().next().dimension(0);
      RowRoute route =
          CONDITIONS.route(division.condition().text(), columns(division.read()), rows);
      return answer(task, divided(route, division, columns, model), Optional.of(route));
    } catch (IllegalArgumentException gone) {
      return TaskResult.failure(node, ErrorInfo.of(ErrorCode.ROWS_LOST, "gone"), 1);
    }
  }

  private Map<String, Tensor> divided(
      RowRoute route,
      Division division,
      Map<String, Tensor> columns,
      UnaryOperator<Map<String, Tensor>> model) {
    Map<String, Tensor> passing = new LinkedHashMap<>(columns(division.passing()));
    passing.putAll(division.otherwise());
    Map<String, Tensor> some = new LinkedHashMap<>();
    columns.forEach((name, column) -> some.put(name, route.take(column)));
    Map<String, Tensor> answers = route.through() == 0 ? Map.of() : model.apply(some);
    Map<String, Tensor> all = new LinkedHashMap<>();
    passing.forEach(
        (name, other) ->
            all.put(name, route.merge(answers.getOrDefault(name, none(other)), other)));
    return all;
  }

  private static Tensor none(Tensor like) {
    long[] shape = like.shape();
    shape[0] = 0;
    return Tensor.wrap(like.dataType(), shape, ByteBuffer.allocate(0));
  }

  /** What a node answers for rows of its own, by the task's reduction. */
  TaskResult answer(Task task, Map<String, Tensor> outputs, Optional<RowRoute> route) {
    String node = FakeContext.nodeOf(task);
    Optional<RoutedRows> routed = route.map(r -> new RoutedRows(r.through(), r.rows()));
    if (task.reduction().orElseThrow().keeps()) {
      kept.put(task.step(), outputs);
      NodeRows rows =
          new NodeRows(
              Optional.of(task.step()),
              outputs.entrySet().stream()
                  .map(
                      e -> TensorSpec.of(e.getKey(), e.getValue().dataType(), e.getValue().shape()))
                  .toList(),
              routed);
      return TaskResult.kept(node, rows, 3, TensorDigest.of(outputs), 3);
    }
    Map<String, Tensor> partial = new LinkedHashMap<>(outputs);
    if (task.reduction().orElseThrow().method().equals("mean")) {
      partial.replaceAll(
          (name, tensor) ->
              Tensor.ofDoubles(
                  new double[] {Arrays.stream(tensor.toDoubles()).average().orElseThrow()}));
    }
    TaskResult.Success success = (TaskResult.Success) TaskResult.success(node, partial, 3, 3);
    return routed.isPresent()
        ? success.about(new NodeRows(Optional.empty(), List.of(), routed))
        : success;
  }

  private Map<String, Tensor> columns(Map<String, Column> columns) {
    Map<String, Tensor> found = new LinkedHashMap<>();
    columns.forEach(
        (name, column) -> {
          Map<String, Tensor> rows = kept.get(column.handle());
          if (rows == null || !rows.containsKey(column.tensor())) {
            throw new IllegalArgumentException("lost");
          }
          found.put(name, rows.get(column.tensor()));
        });
    return found;
  }
}
