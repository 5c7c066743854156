package io.powernode.dim.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LabelColumnsTest {
  private static final TensorSpec OUTPUT = TensorSpec.of("p", DataType.FP32, -1, 2);

  private static Tensor table(List<String> labels, List<Map<?, ?>> rows) {
    return new LabelColumns(labels).table(OUTPUT, rows);
  }

  static Stream<Arguments> orders() {
    Map<?, ?> texts = Map.of("b", 2f, "a", 1f);
    Map<?, ?> numbers = Map.of(10L, 3f, 9L, 2f);
    Map<?, ?> counted = Map.of(1L, 3f, 0L, 2f);
    return Stream.of(
        arguments(List.of(), texts, new float[] {1, 2}),
        arguments(List.of("b", "a"), texts, new float[] {2, 1}),
        arguments(List.of(), numbers, new float[] {2, 3}),
        arguments(List.of("10", "9"), numbers, new float[] {3, 2}),
        arguments(List.of("no", "yes"), counted, new float[] {2, 3}));
  }

  @ParameterizedTest
  @MethodSource("orders")
  void table_ofMaps_hasTheLabelsOrderOrTheKeys(
      List<String> labels, Map<?, ?> row, float[] expected) {
    assertThat(table(labels, List.of(row))).isEqualTo(Tensor.ofFloats(expected, 1, 2));
  }

  static Stream<Arguments> strangers() {
    return Stream.of(
        arguments(List.of("a", "c"), List.of(Map.of("a", 1f, "b", 2f)), "other labels"),
        arguments(List.of("a"), List.of(Map.of("a", 1f, "b", 2f)), "other labels"),
        arguments(List.of("a", "b", "c"), List.of(Map.of("a", 1f, "b", 2f)), "other labels"),
        arguments(List.of("no", "yes"), List.of(Map.of(1L, 1f, 2L, 2f)), "other labels"),
        arguments(List.of(), List.of(Map.of("a", 1f), Map.of("b", 1f)), "different labels"),
        arguments(
            List.of(), List.of(Map.of("a", 1f), Map.of("a", 1f, "b", 1f)), "different labels"));
  }

  @ParameterizedTest
  @MethodSource("strangers")
  void table_ofOtherLabels_isRefused(List<String> labels, List<Map<?, ?>> rows, String reason) {
    assertThatThrownBy(() -> table(labels, rows))
        .hasMessageContaining("output p")
        .hasMessageContaining(reason);
  }

  @Test
  void table_ofNoRows_keepsItsColumns() {
    assertThat(table(List.of("a", "b"), List.of()).shape()).containsExactly(0, 2);
  }
}
