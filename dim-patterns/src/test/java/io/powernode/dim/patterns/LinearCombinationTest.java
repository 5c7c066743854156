package io.powernode.dim.patterns;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.Tensor;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinearCombinationTest {
  private static final double[] FACTORS = {0.1, -3, 1e9};

  /** The last is so many that blocks of them are added side by side. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1024, 1025, 400_001})
  void sum_ofAnySize_equalsOneByOneBitForBit(int elements) {
    SplittableRandom random = new SplittableRandom(elements);
    List<Tensor> terms =
        Stream.generate(() -> Tensor.ofDoubles(random.doubles(elements).toArray(), elements))
            .limit(FACTORS.length)
            .toList();

    Tensor sum =
        LinearCombination.of(terms.stream().map(term -> Map.of("w", term)).toList(), FACTORS)
            .get("w");

    CompensatedSums expected = new CompensatedSums(elements);
    for (int term = 0; term < FACTORS.length; term++) {
      double[] values = terms.get(term).toDoubles();
      for (int i = 0; i < elements; i++) {
        expected.add(i, FACTORS[term] * values[i]);
      }
    }
    assertThat(sum).isEqualTo(Tensor.ofDoubles(expected.dividedBy(1), elements));
  }
}
