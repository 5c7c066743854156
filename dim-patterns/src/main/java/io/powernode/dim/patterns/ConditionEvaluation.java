package io.powernode.dim.patterns;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.patterns.ConditionTree.Comparison;
import io.powernode.dim.patterns.ConditionTree.Operand;
import io.powernode.dim.patterns.ConditionTree.Operator;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Tells whether a condition holds of tensors. Every tensor it names is read, whatever the others
 * say, so that one that does not fit is never passed over.
 */
final class ConditionEvaluation {
  private final Function<ConditionTree.Output, Tensor> tensors;

  ConditionEvaluation(Function<ConditionTree.Output, Tensor> tensors) {
    this.tensors = tensors;
  }

  /**
   * Whether it holds.
   *
   * @throws DimException with {@link ErrorCode#INVALID_DATA} if a tensor does not fit
   */
  boolean holds(ConditionTree condition) {
    return bind(condition, 1).test(0);
  }

  /**
   * The rows, counted from 0, for which it holds: a comparison outside {@code any} and {@code all}
   * is of each row's elements.
   *
   * @throws DimException with {@link ErrorCode#INVALID_DATA} if a tensor does not fit
   */
  BitSet rows(ConditionTree condition, int rows) {
    BitSet holding = new BitSet(rows);
    IntStream.range(0, rows).filter(bind(condition, rows)).forEach(holding::set);
    return holding;
  }

  /** The condition as a question about each of {@code rows} rows. */
  private IntPredicate bind(ConditionTree condition, int rows) {
    if (condition instanceof ConditionTree.Or or) {
      List<IntPredicate> parts = or.parts().stream().map(part -> bind(part, rows)).toList();
      return row -> parts.stream().anyMatch(part -> part.test(row));
    }
    if (condition instanceof ConditionTree.And and) {
      List<IntPredicate> parts = and.parts().stream().map(part -> bind(part, rows)).toList();
      return row -> parts.stream().allMatch(part -> part.test(row));
    }
    if (condition instanceof ConditionTree.Not not) {
      return bind(not.part(), rows).negate();
    }
    if (condition instanceof ConditionTree.AnyRow any) {
      int count = rowsOf(any.part());
      boolean holds = IntStream.range(0, count).anyMatch(bind(any.part(), count));
      return row -> holds;
    }
    if (condition instanceof ConditionTree.AllRows all) {
      int count = rowsOf(all.part());
      boolean holds = IntStream.range(0, count).allMatch(bind(all.part(), count));
      return row -> holds;
    }
    return compare((Comparison) condition, rows);
  }

  /** How many rows a quantifier goes over; a tensor with one element stands beside every row. */
  private int rowsOf(ConditionTree part) {
    List<ConditionTree.Output> columns =
        part.outputs().filter(output -> tensors.apply(output).elements() != 1).toList();
    if (columns.isEmpty()) {
      return 1;
    }
    int rows = tensors.apply(columns.get(0)).elements();
    for (ConditionTree.Output column : columns) {
      int elements = tensors.apply(column).elements();
      if (elements != rows) {
        throw unfit(
            "%s has %d elements, and %s beside it has %d"
                .formatted(columns.get(0), rows, column, elements));
      }
    }
    return rows;
  }

  private IntPredicate compare(Comparison comparison, int rows) {
    Operator operator = comparison.operator();
    boolean isText = isText(comparison.left());
    if (isText != isText(comparison.right())) {
      throw unfit("a number is compared with a text by " + operator.sign());
    }
    if (isText) {
      if (operator.isOrder()) {
        throw unfit("texts are compared by " + operator.sign() + ", not == or !=");
      }
      byte[][] left = texts(comparison.left(), rows);
      byte[][] right = texts(comparison.right(), rows);
      boolean equal = operator == Operator.EQUAL;
      return row ->
          Arrays.equals(left[at(row, left.length)], right[at(row, right.length)]) == equal;
    }
    double[] left = numbers(comparison.left(), rows);
    double[] right = numbers(comparison.right(), rows);
    return row -> operator.holds(left[at(row, left.length)], right[at(row, right.length)]);
  }

  private static int at(int row, int length) {
    return length == 1 ? 0 : row;
  }

  private boolean isText(Operand operand) {
    return operand instanceof ConditionTree.Output output
        ? tensors.apply(output).dataType() == DataType.BYTES
        : operand instanceof ConditionTree.Text;
  }

  private double[] numbers(Operand operand, int rows) {
    return operand instanceof ConditionTree.Output output
        ? fitting(output, rows).toDoubles()
        : new double[] {((ConditionTree.Numeral) operand).value()};
  }

  private byte[][] texts(Operand operand, int rows) {
    return operand instanceof ConditionTree.Output output
        ? fitting(output, rows).byteStrings().toArray(new byte[0][])
        : new byte[][] {((ConditionTree.Text) operand).value().getBytes(UTF_8)};
  }

  private Tensor fitting(ConditionTree.Output output, int rows) {
    Tensor tensor = tensors.apply(output);
    if (tensor.elements() != 1 && tensor.elements() != rows) {
      throw unfit(
          rows == 1
              ? "%s has %d elements; a comparison outside any(…) and all(…) needs exactly one"
                  .formatted(output, tensor.elements())
              : "%s has %d elements; of %d rows a comparison needs one, or one for each"
                  .formatted(output, tensor.elements(), rows));
    }
    return tensor;
  }

  private static DimException unfit(String problem) {
    return new DimException(ErrorCode.INVALID_DATA, "the condition does not fit: " + problem);
  }
}
