package io.powernode.dim.core;

import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;
import java.util.random.RandomGenerator;

/**
 * The positions of a list, each once, in a random order that takes no memory: from a random start
 * in random steps of a length that has no divisor in common with the list's. Each position is
 * equally likely at each place of the order; the orders are few among all permutations.
 */
final class RandomOrder implements PrimitiveIterator.OfInt {
  private final int size;
  private final int step;
  private int position;
  private int left;

  RandomOrder(int size, RandomGenerator random) {
    this.size = size;
    this.left = size;
    this.position = size == 0 ? 0 : random.nextInt(size);
    this.step = coprime(size, random);
  }

  @Override
  public boolean hasNext() {
    return left > 0;
  }

  @Override
  public int nextInt() {
    if (left == 0) {
      throw new NoSuchElementException();
    }
    left--;
    int next = position;
    position = (int) (((long) position + step) % size);
    return next;
  }

  private static int coprime(int size, RandomGenerator random) {
    if (size <= 2) {
      return 1;
    }
    int step = random.nextInt(1, size);
    while (divisor(step, size) != 1) {
      step = random.nextInt(1, size);
    }
    return step;
  }

  /** Euclid's greatest common divisor. */
  private static int divisor(int a, int b) {
    return b == 0 ? a : divisor(b, a % b);
  }
}
