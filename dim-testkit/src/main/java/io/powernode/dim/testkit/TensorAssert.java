package io.powernode.dim.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.Tensor;
import java.util.Map;

/** Compares named tensors within a tolerance. */
final class TensorAssert {
  private TensorAssert() {}

  /** Same names, types and shapes; values differ by at most the tolerance, absolute or relative. */
  static void assertClose(
      Map<String, Tensor> actual, Map<String, Tensor> expected, double tolerance, String what) {
    assertThat(actual).as(what).containsOnlyKeys(expected.keySet());
    actual.forEach(
        (name, tensor) ->
            assertThat(expected.get(name))
                .as("%s, tensor %s", what, name)
                .matches(wanted -> tensor.closeTo(wanted, tolerance, tolerance), "is close"));
  }
}
