package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Condition;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskInput;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A step's identity tells apart whatever is asked for. */
class PreparedTaskTest {
  private static final PreparedTask.Owner OWNER =
      new PreparedTask.Owner("job-1", 1, new TaskEnvelope.Requester("ann", Optional.empty()));

  private static TaskInput cabinet(String name, double... weights) {
    return new TaskInput.Cabinet(
        Optional.of(name),
        Optional.empty(),
        Optional.empty(),
        Map.of("weights", Tensor.ofDoubles(weights)));
  }

  private static TaskInput kept(String handle, Optional<Double> otherwise) {
    Map<String, TaskInput.Column> column = Map.of("x", new TaskInput.Column(handle, "risk"));
    return new TaskInput.Kept(
        column,
        otherwise.map(
            value ->
                new TaskInput.Division(
                    new Condition("chained", "x > 1"),
                    column,
                    Map.of(),
                    Map.of("y", Tensor.ofDoubles(new double[] {value})))));
  }

  private static Digest request(TaskInput input) {
    Task task = Task.model("a", "m").input(input).reduce(ReductionSpec.mean());
    return PreparedTask.of("a", task, new TaskEnvelope.Work.Action("unused"), OWNER).request();
  }

  @Test
  void request_ofTheSameTask_isTheSame() {
    assertThat(request(cabinet("patients", 1, 2))).isEqualTo(request(cabinet("patients", 1, 2)));
  }

  @Test
  void request_ofAnotherInput_isAnother() {
    List<Digest> requests =
        List.of(
            request(cabinet("patients", 1, 2)),
            request(cabinet("patients", 1, 3)),
            request(cabinet("patients")),
            request(cabinet("people", 1, 2)),
            request(TaskInput.Cabinet.named("patients")),
            request(kept("h1", Optional.empty())),
            request(kept("h2", Optional.empty())),
            request(kept("h1", Optional.of(1.0))),
            request(kept("h1", Optional.of(2.0))),
            request(new TaskInput.Tensors(Map.of())),
            request(new TaskInput.Tensors(Map.of("weights", Tensor.scalar(1.0)))),
            request(new TaskInput.Tensors(Map.of("weights", Tensor.scalar(2.0)))));

    assertThat(requests).doesNotHaveDuplicates();
  }
}
