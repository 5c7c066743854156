package io.powernode.dim.patterns;

import io.powernode.dim.spi.Partial;
import java.util.ArrayList;
import java.util.List;

/**
 * The squared Euclidean distances between contributions, over all numbers of all their tensors;
 * infinite where one exceeds the range of FP64. Only one of each pair is kept.
 */
final class Distances {
  private final int count;
  private final double[] squares;

  private Distances(int count) {
    this.count = count;
    this.squares = new double[Math.multiplyExact(count, count - 1) / 2];
  }

  static Distances between(List<Partial> partials) {
    Distances distances = new Distances(partials.size());
    for (String name : partials.get(0).values().keySet()) {
      Coordinates.forEachBlock(partials, name, distances::add);
    }
    return distances;
  }

  private void add(double[][] block, int width) {
    int pair = 0;
    for (int i = 0; i < count; i++) {
      for (int j = i + 1; j < count; j++) {
        squares[pair++] += squared(block[i], block[j], width);
      }
    }
  }

  /** The squared distance of the contributions at two different places. */
  double squared(int i, int j) {
    int low = Math.min(i, j);
    return squares[low * (2 * count - low - 1) / 2 + Math.max(i, j) - low - 1];
  }

  /** The squared distance of every contribution to a point of the same names and shapes. */
  static double[] squaredTo(Partial point, List<Partial> partials) {
    int count = partials.size();
    double[] squares = new double[count];
    List<Partial> all = new ArrayList<>(partials);
    all.add(point);
    for (String name : point.values().keySet()) {
      Coordinates.forEachBlock(
          all,
          name,
          (block, width) -> {
            for (int i = 0; i < count; i++) {
              squares[i] += squared(block[i], block[count], width);
            }
          });
    }
    return squares;
  }

  /** Four sums side by side, so that no addition waits for the one before. */
  private static double squared(double[] a, double[] b, int width) {
    double first = 0;
    double second = 0;
    double third = 0;
    double fourth = 0;
    int i = 0;
    for (; i < width - 3; i += 4) {
      first += square(a[i] - b[i]);
      second += square(a[i + 1] - b[i + 1]);
      third += square(a[i + 2] - b[i + 2]);
      fourth += square(a[i + 3] - b[i + 3]);
    }
    for (; i < width; i++) {
      first += square(a[i] - b[i]);
    }
    return (first + second) + (third + fourth);
  }

  private static double square(double number) {
    return number * number;
  }
}
