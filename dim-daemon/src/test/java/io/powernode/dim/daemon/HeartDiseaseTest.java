package io.powernode.dim.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.daemon.CsvColumn.OnMissing;
import io.powernode.dim.spi.Batch;
import io.powernode.dim.spi.Batches;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The files of UCI's Heart Disease data set (doi 10.24432/C52P4X) as they are: no header, "?" for a
 * missing value, unlike spelling of numbers in the four hospitals.
 */
class HeartDiseaseTest {
  private static final Path DATA = projectRoot().resolveSibling("shared/data/heart-disease");
  private static final List<String> NUMBERS =
      List.of(
          "age",
          "sex",
          "cp",
          "trestbps",
          "chol",
          "fbs",
          "restecg",
          "thalach",
          "exang",
          "oldpeak",
          "slope",
          "ca",
          "thal");

  @BeforeAll
  static void requireData() {
    assumeTrue(Files.isDirectory(DATA), "shared/data/heart-disease is not here");
  }

  private static Path projectRoot() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(directory.resolve("dim-bom"))) {
      directory = directory.getParent();
    }
    return directory;
  }

  /** The first columns with {@code rule}; those that FLamby leaves out are NaN where missing. */
  private static CsvSchema schema(OnMissing rule) {
    List<CsvColumn> columns = new ArrayList<>();
    for (String name : NUMBERS) {
      boolean leftOut = NUMBERS.indexOf(name) >= NUMBERS.indexOf("slope");
      columns.add(CsvColumn.of(name, DataType.FP64).onMissing(leftOut ? OnMissing.NAN : rule));
    }
    columns.add(CsvColumn.of("num", DataType.BYTES).withCategories("0", "1", "2", "3", "4"));
    return new CsvSchema(
        "patients",
        "medical",
        Optional.of(false),
        Optional.empty(),
        Optional.empty(),
        Optional.of("num"),
        Optional.empty(),
        Optional.of(List.of("?")),
        columns);
  }

  private static CsvCabinet open(String hospital, OnMissing rule) {
    return CsvCabinet.open(DATA.resolve("processed." + hospital + ".data"), schema(rule));
  }

  private static Batch all(CsvCabinet cabinet) {
    try (Batches batches = cabinet.read(Optional.empty(), 1000)) {
      return batches.next().orElseThrow();
    }
  }

  @ParameterizedTest
  @CsvSource({"cleveland,303", "hungarian,294", "switzerland,123", "va,200"})
  void hospital_withMissingValuesAsNan_hasAllItsRows(String hospital, int rows) {
    CsvCabinet cabinet = open(hospital, OnMissing.NAN);

    assertThat(cabinet.descriptor().rows()).isEqualTo(rows);
    assertThat(cabinet.descriptor().columns()).hasSize(13);
    assertThat(all(cabinet).rowIds().strings()).hasSize(rows).doesNotHaveDuplicates();
  }

  /** Row counts as FLamby has them (shared/data/heart-disease/flamby-split.json). */
  @ParameterizedTest
  @CsvSource({"cleveland,303", "hungarian,261", "switzerland,46", "va,130"})
  void hospital_withoutIncompleteRows_hasThoseOfFlamby(String hospital, int rows) {
    assertThat(open(hospital, OnMissing.DROP_ROW).descriptor().rows()).isEqualTo(rows);
  }

  @Test
  void cleveland_asRead_hasTheValuesOfTheFile() {
    Batch batch = all(open("cleveland", OnMissing.ERROR));

    assertThat(batch.columns().get("age").toDoubles()).startsWith(63, 67, 67);
    assertThat(batch.columns().get("oldpeak").toDoubles()).startsWith(2.3, 1.5, 2.6);
    assertThat(DoubleStream.of(batch.columns().get("ca").toDoubles()).filter(Double::isNaN).count())
        .isEqualTo(4);
    assertThat(batch.label().orElseThrow().strings()).startsWith("0", "2", "1");
    assertThat(batch.label().orElseThrow().strings().stream().filter("0"::equals).count())
        .isEqualTo(164);
  }

  @Test
  void hungarian_withMissingValuesAsErrors_isRefusedByPlace() {
    assertThatThrownBy(() -> open("hungarian", OnMissing.ERROR))
        .isInstanceOf(DimException.class)
        .hasMessage("row 3, column chol: is missing; allowed: a value, or onMissing declared");
  }
}
