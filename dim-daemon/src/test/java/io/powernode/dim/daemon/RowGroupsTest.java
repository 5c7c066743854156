package io.powernode.dim.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.spi.RowRoute;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

class RowGroupsTest {
  private static RowRoute route(int rows, int... through) {
    BitSet set = new BitSet();
    for (int row : through) {
      set.set(row);
    }
    return RowRoute.of(set, rows);
  }

  @Test
  void least_ofUndividedRows_isAllOfThem() {
    assertThat(RowGroups.one(7).least()).isEqualTo(7);
    assertThat(RowGroups.one(0).least()).isZero();
    assertThat(RowGroups.one(7).divided(route(7)).least()).as("none goes through").isEqualTo(7);
    assertThat(RowGroups.one(3).divided(route(3, 0, 1, 2)).least()).as("all do").isEqualTo(3);
  }

  @Test
  void least_ofDividedRows_isTheSmallerSide() {
    assertThat(RowGroups.one(7).divided(route(7, 1, 2)).least()).isEqualTo(2);
    assertThat(RowGroups.one(7).divided(route(7, 0, 1, 2, 4, 5, 6)).least()).isEqualTo(1);
  }

  @Test
  void least_ofRowsDividedTwice_isTheSmallestIntersection() {
    RowGroups half = RowGroups.one(8).divided(route(8, 0, 1, 2, 3));
    RowGroups other = RowGroups.one(8).divided(route(8, 3, 4, 5, 6));
    assertThat(half.divided(route(8, 0, 1, 2, 3)).least()).as("the same again").isEqualTo(4);
    assertThat(half.divided(route(8, 3, 4, 5, 6)).least()).isEqualTo(1);
    assertThat(half.with(other).least()).isEqualTo(1);
    assertThat(half.with(half).least()).isEqualTo(4);
    assertThat(other.least()).as("unchanged").isEqualTo(4);
  }
}
