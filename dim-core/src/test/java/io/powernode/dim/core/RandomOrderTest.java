package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RandomOrderTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 30, 97, 1024, 30030})
  void order_ofAnySize_hasEachPositionOnce(int size) {
    for (int seed = 0; seed < 20; seed++) {
      RandomOrder order = new RandomOrder(size, new Random(seed));
      int[] positions = IntStream.generate(order::nextInt).limit(size).sorted().toArray();

      assertThat(Arrays.equals(positions, IntStream.range(0, size).toArray())).isTrue();
      assertThatThrownBy(order::nextInt).isInstanceOf(NoSuchElementException.class);
    }
  }

  @Test
  void order_ofTheLargestSize_doesNotOverflow() {
    RandomOrder order = new RandomOrder(Integer.MAX_VALUE, new Random(3));

    assertThat(IntStream.generate(order::nextInt).limit(1_000))
        .allMatch(position -> position >= 0)
        .doesNotHaveDuplicates();
  }
}
