package io.powernode.dim.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.Tensor;
import java.util.Map;
import java.util.Objects;

/** Compares named tensors within a tolerance. */
final class TensorAssertions {
  private TensorAssertions() {}

  static void assertClose(
      Map<String, Tensor> actual, Map<String, Tensor> expected, double tolerance, String what) {
    assertThat(actual.keySet()).as(what).isEqualTo(expected.keySet());
    actual.forEach(
        (name, tensor) ->
            assertThat(tensor.closeTo(get(expected, name), tolerance, tolerance))
                .as("%s, tensor %s", what, name)
                .isTrue());
  }

  static Tensor get(Map<String, Tensor> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }
}
