package io.powernode.dim.json;

import io.powernode.dim.api.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads data given as rows, {@code {"columns": ["age"], "rows": [[63]]}}, into one tensor of shape
 * [n] a column: FP64 of numbers, BYTES of texts, BOOL of truth values. No column mixes them.
 */
final class RowsReader {

  private static final String FORM = "an object with columns and rows, or a list of tensors";
  private static final String CELL = "numbers, texts or truth values, one kind a column";

  private RowsReader() {}

  static @Nullable Map<String, Tensor> read(Map<?, ?> object, Place at, Reading in) {
    int before = in.count();
    for (Object name : object.keySet()) {
      if (!name.equals("columns") && !name.equals("rows")) {
        in.refuse(at.field((String) name), "is unknown", FORM);
      }
    }
    List<?> names = list(object, "columns", at, in);
    List<?> rows = list(object, "rows", at, in);
    if (names == null || rows == null) {
      return null;
    }
    List<String> columns = columns(names, at.field("columns"), in);
    if (rows.isEmpty()) {
      in.refuse(at.field("rows"), "is empty", "at least one row");
    }
    for (int i = 0; i < rows.size(); i++) {
      checkRow(rows.get(i), names.size(), at.field("rows").item(i), in);
    }
    if (in.count() > before) {
      return null;
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int j = 0; j < columns.size(); j++) {
      Tensor tensor = column(rows, j, at.field("rows"), in);
      if (tensor != null) {
        tensors.put(columns.get(j), tensor);
      }
    }
    return tensors;
  }

  private static @Nullable List<?> list(Map<?, ?> object, String name, Place at, Reading in) {
    Object json = object.get(name);
    if (json instanceof List<?> list) {
      return list;
    } else if (json == null) {
      in.refuse(at.field(name), "is missing", FORM);
    } else {
      in.wrongType(at.field(name), json, "a list");
    }
    return null;
  }

  private static List<String> columns(List<?> names, Place at, Reading in) {
    Set<String> columns = new LinkedHashSet<>();
    for (int j = 0; j < names.size(); j++) {
      String name = TextCodec.STRING.read(names.get(j), at.item(j), in);
      if (!columns.add(name == null ? in.standInText() : name)) {
        in.refuse(at.item(j), "is another column's as well", "each name once");
      }
    }
    return List.copyOf(columns);
  }

  private static void checkRow(Object row, int columns, Place at, Reading in) {
    if (!(row instanceof List<?> cells)) {
      in.wrongType(at, row, "a list of " + columns + " values");
    } else if (cells.size() != columns) {
      in.refuse(at, "has " + cells.size() + " values", columns + ", as many as there are columns");
    }
  }

  private static @Nullable Tensor column(List<?> rows, int j, Place at, Reading in) {
    Object first = ((List<?>) rows.get(0)).get(j);
    Optional<Class<?>> kind = kind(first);
    List<Object> cells = new ArrayList<>(rows.size());
    int before = in.count();
    for (int i = 0; i < rows.size(); i++) {
      Object cell = ((List<?>) rows.get(i)).get(j);
      cells.add(cell);
      if (kind(cell).isEmpty()) {
        in.wrongType(at.item(i).item(j), cell, CELL);
      } else if (kind.isPresent() && !kind(cell).equals(kind)) {
        in.refuse(
            at.item(i).item(j),
            "is " + Json.describe(cell) + " in a column that begins with " + Json.describe(first),
            CELL);
      } else if (cell instanceof Json.Numeral numeral
          && Double.isInfinite(Double.parseDouble(numeral.text()))) {
        in.refuse(at.item(i).item(j), "is out of range", "a number within FP64");
      }
    }
    return in.count() > before ? null : tensor(kind.orElseThrow(), cells);
  }

  private static Optional<Class<?>> kind(Object cell) {
    if (cell instanceof Long || cell instanceof Json.Numeral) {
      return Optional.of(Number.class);
    }
    return cell instanceof String || cell instanceof Boolean
        ? Optional.of(cell.getClass())
        : Optional.empty();
  }

  private static Tensor tensor(Class<?> kind, List<Object> cells) {
    if (kind == String.class) {
      return Tensor.ofStrings(cells.stream().map(String.class::cast).toList());
    } else if (kind == Boolean.class) {
      boolean[] values = new boolean[cells.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (Boolean) cells.get(i);
      }
      return Tensor.ofBooleans(values);
    }
    double[] values = new double[cells.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Objects.requireNonNull(DoubleCodec.number(cells.get(i)), "kind is Number");
    }
    return Tensor.ofDoubles(values);
  }
}
