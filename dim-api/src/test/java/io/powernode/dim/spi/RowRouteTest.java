package io.powernode.dim.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Tensor;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RowRouteTest {
  private static RowRoute route(int rows, int... through) {
    BitSet set = new BitSet();
    for (int row : through) {
      set.set(row);
    }
    return RowRoute.of(set, rows);
  }

  private static Tensor texts(String... values) {
    return Tensor.ofStrings(List.of(values));
  }

  private static Tensor doubles(double... values) {
    return Tensor.ofDoubles(values);
  }

  static Stream<Arguments> cases() {
    return Stream.of(
        arguments(route(3, 0, 2), doubles(1, 2, 3), doubles(1, 3), doubles(9, 8), doubles(9, 2, 8)),
        arguments(route(2), doubles(1, 2), doubles(), doubles(), doubles(1, 2)),
        arguments(route(2, 0, 1), doubles(1, 2), doubles(1, 2), doubles(5, 6), doubles(5, 6)),
        arguments(route(0), doubles(), doubles(), doubles(), doubles()),
        arguments(
            route(3, 1), texts("", "long", "x"), texts("long"), texts("é"), texts("", "é", "x")),
        arguments(
            route(2, 1),
            Tensor.ofInts(new int[] {1, 2, 3, 4}, 2, 2),
            Tensor.ofInts(new int[] {3, 4}, 1, 2),
            Tensor.ofInts(new int[] {7, 8}, 1, 2),
            Tensor.ofInts(new int[] {1, 2, 7, 8}, 2, 2)),
        arguments(
            route(2, 0),
            Tensor.ofStrings(List.of("a", "b", "c", "d"), 2, 2),
            Tensor.ofStrings(List.of("a", "b"), 1, 2),
            Tensor.ofStrings(List.of("", ""), 1, 2),
            Tensor.ofStrings(List.of("", "", "c", "d"), 2, 2)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void takeAndMerge_ofAnyRows_keepTheirOrder(
      RowRoute route, Tensor all, Tensor taken, Tensor answered, Tensor merged) {
    assertThat(route.take(all)).isEqualTo(taken);
    assertThat(route.merge(answered, all)).isEqualTo(merged);
  }

  @Test
  void merge_withOneRowForAll_repeatsIt() {
    assertThat(route(4, 2).merge(texts("yes"), texts("none")))
        .isEqualTo(texts("none", "none", "yes", "none"));
    assertThat(route(1).merge(doubles(), doubles(5))).isEqualTo(doubles(5));
  }

  @Test
  void part_ofARoute_isAboutItsRowsOnly() {
    RowRoute route = route(7, 0, 2, 3, 6);
    assertThat(route.through()).isEqualTo(4);
    assertThat(route.rows()).isEqualTo(7);
    assertThat(route.part(2, 3).take(doubles(2, 3, 4))).isEqualTo(doubles(2, 3));
    assertThat(route.part(4, 2).through()).isZero();
    assertThat(route.part(5, 2).take(doubles(5, 6))).isEqualTo(doubles(6));
  }

  @Test
  void rows_thatAreOthers_areRefused() {
    Tensor bytes = Tensor.wrap(DataType.UINT8, new long[] {2}, ByteBuffer.allocate(2));
    assertThatThrownBy(() -> route(2, 2)).hasMessage("through: names row 2; allowed: below 2");
    assertThatThrownBy(() -> route(3, 1).take(doubles(1, 2)))
        .hasMessage("tensor: is FP64[2]; allowed: an entry for each of 3 rows");
    assertThatThrownBy(() -> route(3, 1).take(Tensor.scalar(1)))
        .hasMessageStartingWith("tensor: is INT64[]");
    assertThatThrownBy(() -> route(2, 1).merge(doubles(1, 2), doubles(1, 2)))
        .hasMessage("tensor: is FP64[2]; allowed: an entry for each of 1 rows");
    assertThatThrownBy(() -> route(2, 1).merge(doubles(1), bytes))
        .hasMessage("tensor: is FP64[1] beside UINT8[2]; allowed: rows of one type and form");
    assertThatThrownBy(
            () -> route(2, 1).merge(doubles(1), Tensor.ofDoubles(new double[] {1, 2}, 2, 1)))
        .hasMessageContaining("beside FP64[2, 1]");
  }
}
