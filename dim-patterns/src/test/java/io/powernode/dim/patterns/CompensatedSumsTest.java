package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CompensatedSumsTest {
  private static final int COUNT = 1_000;

  /** Numbers of both signs and of very different sizes. */
  private static double[] numbers(SplittableRandom random) {
    return random
        .doubles(COUNT)
        .map(number -> Math.scalb(number - 0.5, random.nextInt(-60, 60)))
        .toArray();
  }

  @Test
  void add_manyAtOnce_equalsOneByOneBitForBit() {
    SplittableRandom random = new SplittableRandom(3);
    CompensatedSums together = new CompensatedSums(COUNT);
    CompensatedSums single = new CompensatedSums(COUNT);
    for (int round = 0; round < 200; round++) {
      double[] values = numbers(random);
      double factor = random.nextDouble(-2, 2);
      together.add(values, COUNT, factor);
      for (int i = 0; i < COUNT; i++) {
        single.add(i, factor * values[i]);
      }
    }

    assertThat(together.dividedBy(1)).containsExactly(single.dividedBy(1));
  }

  @Test
  void add_smallToLarge_losesNothing() {
    CompensatedSums sums = new CompensatedSums(1);
    for (double value : new double[] {1, 1e100, 1, -1e100}) {
      sums.add(new double[] {value}, 1, 1);
    }

    assertThat(sums.get(0)).isEqualTo(2);
  }

  @Test
  void add_beyondTheRange_isInfiniteAndNoNaN() {
    CompensatedSums sums = new CompensatedSums(2);
    double[] most = {Double.MAX_VALUE, -Double.MAX_VALUE};
    sums.add(most, 2, 1);
    sums.add(most, 2, 1);

    assertThat(sums.dividedBy(1))
        .containsExactly(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
  }
}
