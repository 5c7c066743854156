package io.powernode.dim.patterns;

import java.util.List;
import java.util.stream.Stream;

/** What must hold of earlier answers for a step to run. */
sealed interface ConditionTree {

  /**
   * Reads a condition.
   *
   * @throws IllegalArgumentException that names the column, from 1, and what is wrong there
   */
  static ConditionTree parse(String text) {
    return new ConditionParser(text).parse();
  }

  /** All comparisons in it, from left to right. */
  Stream<Comparison> comparisons();

  /** All outputs that it reads, from left to right. */
  default Stream<Output> outputs() {
    return comparisons()
        .flatMap(comparison -> Stream.of(comparison.left(), comparison.right()))
        .filter(Output.class::isInstance)
        .map(Output.class::cast);
  }

  /** At least one part holds. */
  record Or(List<ConditionTree> parts) implements ConditionTree {
    @Override
    public Stream<Comparison> comparisons() {
      return parts.stream().flatMap(ConditionTree::comparisons);
    }
  }

  /** Every part holds. */
  record And(List<ConditionTree> parts) implements ConditionTree {
    @Override
    public Stream<Comparison> comparisons() {
      return parts.stream().flatMap(ConditionTree::comparisons);
    }
  }

  /** The part does not hold. */
  record Not(ConditionTree part) implements ConditionTree {
    @Override
    public Stream<Comparison> comparisons() {
      return part.comparisons();
    }
  }

  /** The part holds for at least one row. */
  record AnyRow(ConditionTree part) implements ConditionTree {
    @Override
    public Stream<Comparison> comparisons() {
      return part.comparisons();
    }
  }

  /** The part holds for every row. */
  record AllRows(ConditionTree part) implements ConditionTree {
    @Override
    public Stream<Comparison> comparisons() {
      return part.comparisons();
    }
  }

  /** Two values, at least one of them an output. */
  record Comparison(Operand left, Operator operator, Operand right) implements ConditionTree {
    @Override
    public Stream<Comparison> comparisons() {
      return Stream.of(this);
    }
  }

  /** What can be compared. */
  sealed interface Operand {}

  /** A tensor that an earlier step answered; the column is where the condition names it. */
  record Output(int step, String name, int column) implements Operand {
    @Override
    public String toString() {
      return "step_" + step + "_output." + name;
    }
  }

  /** A finite number. */
  record Numeral(double value) implements Operand {}

  /** A text. */
  record Text(String value) implements Operand {}

  /** How two values are compared. */
  enum Operator {
    LESS("<"),
    AT_MOST("<="),
    GREATER(">"),
    AT_LEAST(">="),
    EQUAL("=="),
    UNEQUAL("!=");

    private final String sign;

    Operator(String sign) {
      this.sign = sign;
    }

    String sign() {
      return sign;
    }

    /** Whether it needs values with an order, as texts are not. */
    boolean isOrder() {
      return this != EQUAL && this != UNEQUAL;
    }

    /** As IEEE 754 has it: NaN is unequal to all, itself too, and has no order. */
    boolean holds(double left, double right) {
      return switch (this) {
        case LESS -> left < right;
        case AT_MOST -> left <= right;
        case GREATER -> left > right;
        case AT_LEAST -> left >= right;
        case EQUAL -> left == right;
        case UNEQUAL -> left != right;
      };
    }
  }
}
