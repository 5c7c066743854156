package io.powernode.dim.daemon;

import io.powernode.dim.api.Column;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.Violation;
import io.powernode.dim.api.Violations;
import io.powernode.dim.json.DimJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the columns of a CSV file mean. Columns of the file that the schema does not name are never
 * read.
 *
 * @param name the cabinet's name, an identifier
 * @param dataType the kind of data, as in {@code medical}
 * @param header whether the file's first record names the columns; true unless declared. Without
 *     it, the schema lists all columns in the file's order
 * @param rowId the column with each row's id, of type BYTES; unique, and no feature
 * @param rowIdIsPseudonym whether these ids may leave as they are; false unless declared, and then
 *     answers for single rows carry keyed digests of them
 * @param label the column with the truth, of type BYTES, which is no feature
 * @param timeColumn the column with each row's day, YYYY-MM-DD, of type BYTES, which is no feature
 * @param missing how a missing value is spelled; an empty field unless declared
 * @param columns the columns
 */
public record CsvSchema(
    String name,
    String dataType,
    Optional<Boolean> header,
    Optional<String> rowId,
    Optional<Boolean> rowIdIsPseudonym,
    Optional<String> label,
    Optional<String> timeColumn,
    Optional<List<String>> missing,
    List<CsvColumn> columns) {

  /**
   * Checks the schema.
   *
   * @throws DimException with {@link ErrorCode#INVALID_ARGUMENT} listing everything that is wrong
   */
  public CsvSchema {
    Objects.requireNonNull(dataType, "dataType");
    missing = missing.map(List::copyOf);
    columns = List.copyOf(columns);
    Violations violations = Violations.none();
    violations.requireId(name, "name");
    violations.require(!dataType.isBlank(), "dataType", "is blank", "the kind of data");
    requireNames(columns, violations);
    requireText(rowId, columns, violations, "rowId");
    requireText(timeColumn, columns, violations, "timeColumn");
    requireText(label, columns, violations, "label");
    List<String> roles =
        List.of(rowId, label, timeColumn).stream().flatMap(Optional::stream).toList();
    violations.require(
        Set.copyOf(roles).size() == roles.size(),
        "",
        "rowId, label and timeColumn share a column",
        "a column for each");
    List<String> tokens = missing.orElse(List.of(""));
    for (int i = 0; i < columns.size(); i++) {
      CellParser.validate(columns.get(i), tokens, violations.at("columns").at(i));
    }
    throwIfAny(violations);
  }

  /** A schema of features alone, without a label, a time or ids, for a file with a header. */
  public static CsvSchema of(String name, String dataType, List<CsvColumn> columns) {
    return new CsvSchema(
        name,
        dataType,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        columns);
  }

  /**
   * Reads a schema from a JSON file with fields named as this record's components; names and types
   * are as in {@code {"name":"patients","dataType":"medical","rowId":"patient",
   * "label":"diagnosis","missing":["?"],"columns":[{"name":"patient","type":"BYTES"},
   * {"name":"age","type":"FP64","onMissing":"nan"},
   * {"name":"diagnosis","type":"BYTES","categories":["benign","malignant"]}]}}.
   *
   * @throws DimException with {@link ErrorCode#INVALID_ARGUMENT} listing everything that is wrong,
   *     {@link ErrorCode#DATA_UNAVAILABLE} if the file cannot be read
   */
  public static CsvSchema read(Path file) {
    try {
      return DimJson.standard().read(CsvSchema.class, Files.readString(file));
    } catch (IOException e) {
      throw new DimException(
          ErrorInfo.of(ErrorCode.DATA_UNAVAILABLE, "the schema file cannot be read"), e);
    }
  }

  boolean hasHeader() {
    return header.orElse(true);
  }

  Set<String> missingTokens() {
    return Set.copyOf(missing.orElse(List.of("")));
  }

  CabinetForm form() {
    List<String> roles =
        List.of(rowId, label, timeColumn).stream().flatMap(Optional::stream).toList();
    return new CabinetForm(
        name,
        dataType,
        columns.stream()
            .filter(column -> !roles.contains(column.name()))
            .map(CsvSchema::column)
            .toList(),
        label.map(this::named).map(CsvSchema::column),
        timeColumn,
        new CabinetForm.RowIdentity(rowId, rowIdIsPseudonym.orElse(false)));
  }

  CsvColumn named(String column) {
    return columns.stream().filter(c -> c.name().equals(column)).findFirst().orElseThrow();
  }

  private static Column column(CsvColumn column) {
    return new Column(column.name(), column.type(), column.categories());
  }

  private static void requireNames(List<CsvColumn> columns, Violations violations) {
    violations.require(!columns.isEmpty(), "columns", "is empty", "1 column or more");
    Set<String> names = new HashSet<>();
    for (int i = 0; i < columns.size(); i++) {
      String name = columns.get(i).name();
      Violations at = violations.at("columns").at(i);
      at.require(!name.isBlank(), "name", "is blank", "a name");
      at.require(names.add(name), "name", "repeats an earlier one", "unique names");
    }
  }

  private static void requireText(
      Optional<String> role, List<CsvColumn> columns, Violations violations, String field) {
    role.ifPresent(
        name ->
            violations.require(
                columns.stream().anyMatch(c -> c.name().equals(name) && c.type() == DataType.BYTES),
                field,
                "names no such column",
                "the name of a column of type BYTES"));
  }

  private static void throwIfAny(Violations violations) {
    if (!violations.list().isEmpty()) {
      throw new DimException(
          ErrorCode.INVALID_ARGUMENT,
          violations.list().stream().map(Violation::toString).collect(Collectors.joining("\n")));
    }
  }
}
