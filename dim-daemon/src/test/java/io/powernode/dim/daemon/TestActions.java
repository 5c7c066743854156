package io.powernode.dim.daemon;

import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.NodeAction;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Actions for tests. */
final class TestActions {
  private TestActions() {}

  static NodeAction named(String name, UnaryOperator<Map<String, Tensor>> effect) {
    return new NodeAction() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Map<String, Tensor> perform(Map<String, Tensor> input, String idempotencyKey) {
        return effect.apply(input);
      }
    };
  }
}
