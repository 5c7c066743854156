package io.powernode.dim.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.daemon.CsvColumn.OnMissing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CsvSchemaTest {
  private static final CsvColumn AGE = CsvColumn.of("age", DataType.FP64);
  private static final CsvColumn DAY = CsvColumn.of("day", DataType.BYTES);

  @TempDir Path folder;

  private static CsvSchema schema(
      String name,
      Optional<String> rowId,
      Optional<String> label,
      Optional<String> time,
      CsvColumn... columns) {
    return new CsvSchema(
        name,
        "medical",
        Optional.empty(),
        rowId,
        Optional.empty(),
        label,
        time,
        Optional.empty(),
        List.of(columns));
  }

  static Stream<Arguments> badSchemas() {
    Optional<String> none = Optional.empty();
    return Stream.of(
        Arguments.of((Runnable) () -> schema("../x", none, none, none, AGE), "name: is not an id"),
        Arguments.of((Runnable) () -> schema("x", none, none, none), "columns: is empty"),
        Arguments.of(
            (Runnable) () -> schema("x", none, none, none, AGE, AGE),
            "columns[1].name: repeats an earlier one"),
        Arguments.of(
            (Runnable) () -> schema("x", Optional.of("age"), none, none, AGE),
            "rowId: names no such column; allowed: the name of a column of type BYTES"),
        Arguments.of(
            (Runnable) () -> schema("x", none, Optional.of("gone"), none, AGE),
            "label: names no such column"),
        Arguments.of(
            (Runnable) () -> schema("x", none, Optional.of("day"), Optional.of("day"), DAY),
            "rowId, label and timeColumn share a column"),
        Arguments.of(
            (Runnable) () -> schema("x", none, none, none, CsvColumn.of("h", DataType.FP16)),
            "columns[0].type: cannot be read from text"),
        Arguments.of(
            (Runnable) () -> schema("x", none, none, none, DAY.onMissing(OnMissing.NAN)),
            "columns[0].onMissing: needs floats"),
        Arguments.of(
            (Runnable) () -> schema("x", none, none, none, AGE.onMissing(OnMissing.VALUE)),
            "columns[0].value: does not go with onMissing"),
        Arguments.of(
            (Runnable) () -> schema("x", none, none, none, AGE.missingCountsAs("much")),
            "columns[0].value: is no value of the column"),
        Arguments.of(
            (Runnable) () -> schema("x", none, none, none, AGE.withCategories("1", "two")),
            "columns[0].categories: has a value of another type"),
        Arguments.of(
            (Runnable) () -> schema("x", none, none, none, DAY.withCategories("a", "a")),
            "columns[0].categories: has a value twice"));
  }

  @ParameterizedTest
  @MethodSource("badSchemas")
  void schema_withAMistake_isRefusedByItsPath(Runnable made, String message) {
    assertThatThrownBy(made::run)
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .hasMessageContaining(message);
  }

  @Test
  void schema_withSeveralMistakes_namesThemAll() {
    assertThatThrownBy(() -> schema("", Optional.of("gone"), Optional.empty(), Optional.empty()))
        .hasMessageContaining("name: is not an identifier")
        .hasMessageContaining("rowId: names no such column")
        .hasMessageContaining("columns: is empty");
  }

  @Test
  void schemaFile_inJson_isReadAsItsRecord() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("schema.json"),
            """
            {"name": "patients", "dataType": "medical", "header": false, "label": "diagnosis",
             "missing": ["?"],
             "columns": [
               {"name": "age", "type": "FP64", "onMissing": "nan"},
               {"name": "visits", "type": "INT32", "onMissing": "value", "value": "0"},
               {"name": "sex", "type": "BYTES", "onMissing": "drop_row"},
               {"name": "diagnosis", "type": "BYTES", "categories": ["ill", "well"]}]}
            """);

    CsvSchema schema = CsvSchema.read(file);

    assertThat(schema)
        .isEqualTo(
            new CsvSchema(
                "patients",
                "medical",
                Optional.of(false),
                Optional.empty(),
                Optional.empty(),
                Optional.of("diagnosis"),
                Optional.empty(),
                Optional.of(List.of("?")),
                List.of(
                    AGE.onMissing(OnMissing.NAN),
                    CsvColumn.of("visits", DataType.INT32).missingCountsAs("0"),
                    CsvColumn.of("sex", DataType.BYTES).onMissing(OnMissing.DROP_ROW),
                    CsvColumn.of("diagnosis", DataType.BYTES).withCategories("ill", "well"))));
  }

  @ParameterizedTest
  @MethodSource("badDocuments")
  void schemaFile_withAMistake_isRefused(String json, String message) throws IOException {
    Path file = Files.writeString(folder.resolve("schema.json"), json);

    assertThatThrownBy(() -> CsvSchema.read(file))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .hasMessageContaining(message);
  }

  static Stream<Arguments> badDocuments() {
    return Stream.of(
        Arguments.of("{", ""),
        Arguments.of("{\"name\":\"x\",\"dataType\":\"m\",\"colums\":[]}", "colums: is unknown"),
        Arguments.of(
            "{\"name\":\"x\",\"dataType\":\"m\",\"columns\":[{\"name\":\"a\",\"type\":\"REAL\"}]}",
            "columns[0].type"),
        Arguments.of("{\"name\":\"x\",\"dataType\":\"m\"}", "columns"));
  }

  @Test
  void schemaFile_thatIsGone_isRefusedWithoutItsPath() {
    assertThatThrownBy(() -> CsvSchema.read(folder.resolve("gone.json")))
        .hasMessage("the schema file cannot be read");
  }
}
