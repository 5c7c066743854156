package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Aggregator.Aggregate;
import io.powernode.dim.spi.Aggregator.Input;
import io.powernode.dim.spi.Partial;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads Flower's cases: clients with lists of parameters and numbers of examples. */
final class FlowerCase {
  private FlowerCase() {}

  static List<Input> clients(JsonNode vector) {
    List<Input> inputs = new ArrayList<>();
    for (JsonNode client : vector.at("/inputs/clients")) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (JsonNode parameter : client.get("parameters")) {
        tensors.put("p" + tensors.size(), Vectors.tensor(parameter));
      }
      double examples = client.get("num_examples").doubleValue();
      // One vector has fractions of examples; rows are whole, and only their ratio matters.
      Partial partial = new Partial(tensors, Math.round(examples * 100));
      inputs.add(new Input("n" + inputs.size(), partial, examples));
    }
    return inputs;
  }

  static void agrees(JsonNode vector, Aggregate aggregate) {
    double absolute = vector.at("/tolerance/abs").asDouble(0);
    double relative = vector.at("/tolerance/rel").asDouble(0);
    int at = 0;
    for (JsonNode parameter : vector.at("/expected/parameters")) {
      Tensor expected = Vectors.tensor(parameter);
      Tensor actual = aggregate.value().values().get("p" + at++);
      assertThat(actual.closeTo(expected, absolute, relative))
          .as("%s is not %s", actual.toDoubles(), expected.toDoubles())
          .isTrue();
    }
    assertThat(aggregate.value().values()).hasSize(at);
  }
}
