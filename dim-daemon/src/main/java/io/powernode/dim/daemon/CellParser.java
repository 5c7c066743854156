package io.powernode.dim.daemon;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Violations;
import io.powernode.dim.daemon.CsvColumn.OnMissing;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the cells of one column as its schema says. Immutable. */
final class CellParser {
  /** The types whose values a cell can spell. */
  private static final Set<DataType> TYPES =
      Set.of(
          DataType.BOOL,
          DataType.INT8,
          DataType.INT16,
          DataType.INT32,
          DataType.INT64,
          DataType.UINT8,
          DataType.UINT16,
          DataType.UINT32,
          DataType.FP32,
          DataType.FP64,
          DataType.BYTES);

  private final CsvColumn column;
  private final Set<String> categories;
  private final Set<String> missing;
  private final OnMissing rule;

  CellParser(CsvColumn column, Set<String> missing) {
    this.column = column;
    this.categories = Set.copyOf(column.categories());
    this.missing = missing;
    this.rule = column.onMissing().orElse(OnMissing.ERROR);
  }

  /** Checks what the schema says of a column. */
  static void validate(CsvColumn column, List<String> missing, Violations violations) {
    violations.require(
        TYPES.contains(column.type()), "type", "cannot be read from text", TYPES.toString());
    boolean counts = column.onMissing().filter(OnMissing.VALUE::equals).isPresent();
    violations.require(
        counts == column.value().isPresent(),
        "value",
        "does not go with onMissing",
        "a value with onMissing VALUE, and only then");
    boolean nan = column.onMissing().filter(OnMissing.NAN::equals).isPresent();
    violations.require(
        !nan || isFloat(column.type()), "onMissing", "needs floats", "NAN for FP32 and FP64");
    violations.require(
        Set.copyOf(column.categories()).size() == column.categories().size(),
        "categories",
        "has a value twice",
        "unique values");
    if (TYPES.contains(column.type())) {
      CellParser parser = new CellParser(column, Set.copyOf(missing));
      for (String category : column.categories()) {
        violations.require(
            parser.reads(category), "categories", "has a value of another type", parser.allowed());
      }
      Optional<String> value = column.value();
      violations.require(
          value.isEmpty() || parser.reads(value.get()),
          "value",
          "is no value of the column",
          parser.allowed());
    }
  }

  /**
   * Reads one cell.
   *
   * @return whether the row counts
   */
  boolean parse(String cell, ColumnBuffer into, long row) {
    String text = cell;
    if (missing.contains(cell)) {
      switch (rule) {
        case NAN -> {
          into.add(Double.NaN);
          return true;
        }
        case DROP_ROW -> {
          return false;
        }
        case VALUE -> text = column.value().orElseThrow();
        case ERROR ->
            throw RowFault.at(row, column.name(), "is missing", "a value, or onMissing declared");
      }
    }
    if (!categories.isEmpty() && !categories.contains(text)) {
      throw RowFault.at(
          row, column.name(), "is not a declared category", "the schema's categories");
    }
    if (!append(text, into)) {
      throw RowFault.at(row, column.name(), "is not of the declared type", allowed());
    }
    return true;
  }

  private boolean reads(String text) {
    return (categories.isEmpty() || categories.contains(text))
        && append(text, new ColumnBuffer(column.type()));
  }

  private boolean append(String text, ColumnBuffer into) {
    try {
      switch (column.type()) {
        case BYTES -> into.add(text);
        case FP32, FP64 -> {
          double value = DecimalText.parse(text);
          if (!Double.isFinite(column.type() == DataType.FP32 ? (float) value : value)) {
            return false;
          }
          into.add(value);
        }
        case BOOL -> {
          boolean truth = text.equals("1") || text.equals("true");
          if (!truth && !text.equals("0") && !text.equals("false")) {
            return false;
          }
          into.add(truth ? 1L : 0L);
        }
        default -> {
          long value = Long.parseLong(text);
          if (!IntegerRange.of(column.type()).contains(value)) {
            return false;
          }
          into.add(value);
        }
      }
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private String allowed() {
    return switch (column.type()) {
      case BYTES -> "text";
      case BOOL -> "0, 1, false or true";
      case FP32, FP64 -> "a finite decimal number in the range of " + column.type();
      default -> {
        IntegerRange range = IntegerRange.of(column.type());
        yield "a whole number from " + range.least() + " to " + range.most();
      }
    };
  }

  private static boolean isFloat(DataType type) {
    return type == DataType.FP32 || type == DataType.FP64;
  }
}
