package io.powernode.dim.spi;

import io.powernode.dim.api.Tensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntConsumer;

/**
 * Which of some rows go through a step; the others pass it by. A row is an entry along a tensor's
 * first dimension. Immutable and thread-safe.
 */
public final class RowRoute {
  private final int rows;
  private final int[] through;

  private RowRoute(int rows, int[] through) {
    this.rows = rows;
    this.through = through;
  }

  /**
   * A route.
   *
   * @param through the rows that go through, counted from 0 and below {@code rows}
   * @param rows how many there are, 0 or more
   */
  public static RowRoute of(BitSet through, int rows) {
    if (through.length() > rows) {
      throw new IllegalArgumentException(
          "through: names row " + (through.length() - 1) + "; allowed: below " + rows);
    }
    return new RowRoute(rows, through.stream().toArray());
  }

  /** How many rows there are. */
  public int rows() {
    return rows;
  }

  /** How many rows go through. */
  public int through() {
    return through.length;
  }

  /** Hears of each row that goes through, in their order. */
  public void forEach(IntConsumer action) {
    Arrays.stream(through).forEach(action);
  }

  /** What this route says of {@code count} rows from row {@code first} on. */
  public RowRoute part(int first, int count) {
    int[] some = Arrays.copyOfRange(through, index(first), index(first + count));
    for (int i = 0; i < some.length; i++) {
      some[i] -= first;
    }
    return new RowRoute(count, some);
  }

  private int index(int row) {
    int found = Arrays.binarySearch(through, row);
    return found < 0 ? -found - 1 : found;
  }

  /**
   * The rows that go through.
   *
   * @param tensor with an entry for each row
   * @throws IllegalArgumentException if it has not
   */
  public Tensor take(Tensor tensor) {
    TensorRows all = TensorRows.of(tensor, rows);
    ByteBuffer taken = ByteBuffer.allocate(Arrays.stream(through).map(all::size).sum());
    Arrays.stream(through).forEach(row -> all.copy(row, taken));
    return all.form(through.length, taken.flip());
  }

  /**
   * All rows in their order: of those that went through, what was answered; of the others, what
   * passes by.
   *
   * @param answered with an entry for each row that went through
   * @param passing with an entry for each row, or one for all; of the same type and shape otherwise
   * @throws IllegalArgumentException if their forms are others
   */
  public Tensor merge(Tensor answered, Tensor passing) {
    TensorRows answers = TensorRows.of(answered, through.length);
    boolean isOneForAll = TensorRows.isOf(passing, 1);
    TensorRows others = TensorRows.of(passing, isOneForAll ? 1 : rows);
    answers.requireLike(others);
    long size = answered.byteSize();
    for (int row = 0, next = 0; row < rows; row++) {
      if (next < through.length && through[next] == row) {
        next++;
      } else {
        size += others.size(isOneForAll ? 0 : row);
      }
    }
    ByteBuffer merged = ByteBuffer.allocate(Math.toIntExact(size));
    for (int row = 0, next = 0; row < rows; row++) {
      if (next < through.length && through[next] == row) {
        answers.copy(next++, merged);
      } else {
        others.copy(isOneForAll ? 0 : row, merged);
      }
    }
    return answers.form(rows, merged.flip());
  }
}
