package io.powernode.dim.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.powernode.dim.api.CabinetDescriptor;
import io.powernode.dim.api.Column;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TimeRange;
import io.powernode.dim.daemon.CsvColumn.OnMissing;
import io.powernode.dim.spi.Batch;
import io.powernode.dim.spi.Batches;
import io.powernode.dim.spi.DataCabinet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CsvCabinetTest {
  private static final String SECRET = "98765";

  private static final List<CsvColumn> COLUMNS =
      List.of(
          CsvColumn.of("patient", DataType.BYTES),
          CsvColumn.of("age", DataType.FP64).onMissing(OnMissing.NAN),
          CsvColumn.of("visits", DataType.INT32).missingCountsAs("0"),
          CsvColumn.of("sex", DataType.BYTES).withCategories("f", "m"),
          CsvColumn.of("day", DataType.BYTES),
          CsvColumn.of("diagnosis", DataType.BYTES).withCategories("ill", "well"));

  private static final String CSV =
      """
      patient,age,visits,sex,day,diagnosis,ignored
      p1,63.5,3,f,2024-01-01,ill,x
      p2,?,,m,2024-06-30,well,x
      p3,.7,1,f,2024-12-31,ill,x
      p4,1e2,2,m,2025-01-01,well,x
      """;

  @TempDir Path folder;

  private static CsvSchema schema(List<CsvColumn> columns) {
    return new CsvSchema(
        "patients",
        "medical",
        Optional.empty(),
        Optional.of("patient"),
        Optional.empty(),
        Optional.of("diagnosis"),
        Optional.of("day"),
        Optional.of(List.of("", "?")),
        columns);
  }

  private static CsvSchema with(int column, CsvColumn other) {
    List<CsvColumn> columns = new ArrayList<>(COLUMNS);
    columns.set(column, other);
    return schema(columns);
  }

  private Path file(String text) {
    return file(text.getBytes(StandardCharsets.UTF_8));
  }

  private Path file(byte[] bytes) {
    try {
      return Files.write(folder.resolve("patients.csv"), bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Batch> read(DataCabinet cabinet, Optional<TimeRange> range, int rows) {
    List<Batch> all = new ArrayList<>();
    try (Batches batches = cabinet.read(range, rows)) {
      for (Optional<Batch> b = batches.next(); b.isPresent(); b = batches.next()) {
        all.add(b.get());
      }
    }
    return all;
  }

  private static Batch readAll(DataCabinet cabinet) {
    return read(cabinet, Optional.empty(), 100).get(0);
  }

  @Test
  void file_withASchema_isDescribedWithoutItsRows() {
    CabinetDescriptor descriptor = CsvCabinet.open(file(CSV), schema(COLUMNS)).descriptor();

    assertThat(descriptor.name()).isEqualTo("patients");
    assertThat(descriptor.rows()).isEqualTo(4);
    assertThat(descriptor.columns())
        .extracting(Column::name)
        .containsExactly("age", "visits", "sex");
    assertThat(descriptor.label())
        .contains(new Column("diagnosis", DataType.BYTES, List.of("ill", "well")));
    assertThat(descriptor.timeColumn()).contains("day");
  }

  @Test
  void rows_withMissingValues_areReadAsDeclared() {
    Batch batch = readAll(CsvCabinet.open(file(CSV), schema(COLUMNS)));

    assertThat(batch.rows()).isEqualTo(4);
    assertThat(batch.columns().get("age"))
        .isEqualTo(Tensor.ofDoubles(new double[] {63.5, Double.NaN, 0.7, 100}));
    assertThat(batch.columns().get("visits")).isEqualTo(Tensor.ofInts(new int[] {3, 0, 1, 2}));
    assertThat(batch.columns().get("sex")).isEqualTo(Tensor.ofStrings(List.of("f", "m", "f", "m")));
    assertThat(batch.label()).contains(Tensor.ofStrings(List.of("ill", "well", "ill", "well")));
  }

  @Test
  void row_withAMissingValueThatDropsIt_doesNotCount() {
    CsvSchema schema = with(1, CsvColumn.of("age", DataType.FP32).onMissing(OnMissing.DROP_ROW));
    CsvCabinet cabinet = CsvCabinet.open(file(CSV), schema);

    assertThat(cabinet.descriptor().rows()).isEqualTo(3);
    assertThat(readAll(cabinet).columns().get("age"))
        .isEqualTo(Tensor.ofFloats(new float[] {63.5f, 0.7f, 100}));
    assertThat(readAll(cabinet).columns().get("visits"))
        .isEqualTo(Tensor.ofInts(new int[] {3, 1, 2}));
  }

  @Test
  void batches_ofAnySize_holdTheSameRows() {
    CsvCabinet cabinet = CsvCabinet.open(file(CSV), schema(COLUMNS));

    List<String> whole = readAll(cabinet).rowIds().strings();
    List<Batch> small = read(cabinet, Optional.empty(), 3);

    assertThat(small).extracting(Batch::rows).containsExactly(3, 1);
    assertThat(small.stream().flatMap(batch -> batch.rowIds().strings().stream()))
        .containsExactlyElementsOf(whole);
  }

  @Test
  void timeRange_withBothEnds_keepsTheirDays() {
    CsvCabinet cabinet = CsvCabinet.open(file(CSV), schema(COLUMNS));

    List<Batch> some = read(cabinet, Optional.of(TimeRange.parse("2024-06-30/2024-12-31")), 100);

    assertThat(some).hasSize(1);
    assertThat(some.get(0).columns().get("visits")).isEqualTo(Tensor.ofInts(new int[] {0, 1}));
    assertThat(some.get(0).rowIds().strings())
        .isEqualTo(readAll(cabinet).rowIds().strings().subList(1, 3));
    assertThat(read(cabinet, Optional.of(TimeRange.parse("1999-01-01/1999-12-31")), 1)).isEmpty();
  }

  @Test
  void timeRange_withoutATimeColumn_isRefused() {
    CsvCabinet cabinet =
        CsvCabinet.open(
            file("age\n1\n"),
            CsvSchema.of("ages", "medical", List.of(CsvColumn.of("age", DataType.FP64))));

    assertThatThrownBy(() -> cabinet.read(Optional.of(TimeRange.parse("2024-01-01/2024-01-02")), 1))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_UNAVAILABLE));
  }

  @Test
  void rowIds_ofAColumn_arePseudonymsUnlessDeclaredToBeSuch() {
    CsvSchema hidden = schema(COLUMNS);
    CsvSchema open =
        new CsvSchema(
            hidden.name(),
            hidden.dataType(),
            hidden.header(),
            hidden.rowId(),
            Optional.of(true),
            hidden.label(),
            hidden.timeColumn(),
            hidden.missing(),
            hidden.columns());

    List<String> pseudonyms = readAll(CsvCabinet.open(file(CSV), hidden)).rowIds().strings();

    assertThat(pseudonyms).doesNotHaveDuplicates().allMatch(id -> id.matches("[0-9a-f]{32}"));
    assertThat(readAll(CsvCabinet.open(file(CSV), hidden)).rowIds().strings())
        .isEqualTo(pseudonyms);
    assertThat(readAll(CsvCabinet.open(file(CSV), open)).rowIds().strings())
        .containsExactly("p1", "p2", "p3", "p4");
    assertThat(readAll(CsvCabinet.open(file(CSV.replace(".7", ".8")), hidden)).rowIds().strings())
        .doesNotContainAnyElementsOf(pseudonyms);
  }

  @Test
  void equalRows_inAFileAndInMemory_haveOneFingerprintAndTheSameIds() {
    CsvCabinet csv = CsvCabinet.open(file(CSV), schema(COLUMNS));
    InMemoryCabinet memory = inMemory("other-name", 0.7);

    assertThat(memory.descriptor().fingerprint()).isEqualTo(csv.descriptor().fingerprint());
    assertThat(readAll(memory).rowIds()).isEqualTo(readAll(csv).rowIds());
    assertThat(readAll(memory)).isEqualTo(readAll(csv));
    assertThat(inMemory("other-name", 0.8).descriptor().fingerprint())
        .isNotEqualTo(csv.descriptor().fingerprint());
  }

  private static InMemoryCabinet inMemory(String name, double thirdAge) {
    return InMemoryCabinet.builder(name, "medical")
        .column("age", Tensor.ofDoubles(new double[] {63.5, Double.NaN, thirdAge, 100}))
        .column("visits", Tensor.ofInts(new int[] {3, 0, 1, 2}))
        .column(
            new Column("sex", DataType.BYTES, List.of("f", "m")),
            Tensor.ofStrings(List.of("f", "m", "f", "m")))
        .label("diagnosis", List.of("ill", "well"), List.of("ill", "well", "ill", "well"))
        .time(
            "day",
            Stream.of("2024-01-01", "2024-06-30", "2024-12-31", "2025-01-01")
                .map(LocalDate::parse)
                .toList())
        .rowIds("patient", List.of("p1", "p2", "p3", "p4"))
        .build();
  }

  static Stream<Arguments> badFiles() {
    return Stream.of(
        Arguments.of("63.5", "x" + SECRET, "row 1, column age: is not of the declared type"),
        Arguments.of("63.5", "0x" + SECRET, "row 1, column age: is not of the declared type"),
        Arguments.of("63.5", SECRET + "d", "row 1, column age: is not of the declared type"),
        Arguments.of("63.5", "1e" + SECRET, "row 1, column age: is not of the declared type"),
        Arguments.of("63.5", "NaN", "row 1, column age: is not of the declared type"),
        Arguments.of("1e2,2,", "1e2,2." + SECRET + ",", "row 4, column visits: is not of"),
        Arguments.of("1e2,2,", "1e2,2147483648,", "row 4, column visits: is not of"),
        Arguments.of("0.7,1,f", "0.7,1," + SECRET, "row 3, column sex: is not a declared category"),
        Arguments.of(",ill,x\np2", "," + SECRET + ",x\np2", "row 1, column diagnosis: is not a"),
        Arguments.of("2024-06-30", SECRET, "row 2, column day: is not a day; allowed: YYYY-MM-DD"),
        Arguments.of("p3", "?", "row 3, column patient: is missing"),
        Arguments.of("p3", "p1", "row 3, column patient: repeats the id of an earlier row"),
        Arguments.of("ill,x\np4", "ill," + SECRET + ",x\np4", "row 3: has 8 fields; allowed: 7"),
        Arguments.of("p2,?,,", "p2,?," + SECRET + "\n", "row 2: has 3 fields; allowed: 7"),
        Arguments.of("p4,", "p4,\"" + SECRET, "row 4: cannot be read; allowed: CSV in UTF-8"),
        Arguments.of("sex,", "gender,", "header: column sex is missing"),
        Arguments.of("ignored", "age", "header: column age stands there twice"));
  }

  @ParameterizedTest
  @MethodSource("badFiles")
  void file_withABadCell_isRefusedByPlaceAndNotByValue(String good, String bad, String message) {
    String text = CSV.replace(".7", "0.7").replace(good, bad);
    assertThat(text).contains(bad);

    assertThatThrownBy(() -> CsvCabinet.open(file(text), schema(COLUMNS)))
        .isInstanceOfSatisfying(
            DimException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DATA);
              assertThat(e.subject()).containsEntry("cabinet", "patients");
              assertThat(e).hasMessageStartingWith(message);
              assertThat(e.getMessage()).doesNotContain(SECRET, folder.toString());
            });
  }

  @Test
  void file_thatIsNotUtf8_isRefused() {
    byte[] latin1 = CSV.replace("p2", "\u00e4").getBytes(StandardCharsets.ISO_8859_1);

    assertThatThrownBy(() -> CsvCabinet.open(file(latin1), schema(COLUMNS)))
        .isInstanceOf(DimException.class)
        .hasMessageContaining("cannot be read; allowed: CSV in UTF-8");
  }

  @Test
  void file_withByteOrderMarkQuotesAndCarriageReturns_isRead() {
    String text = "\uFEFF" + CSV.replace("p1", "\"p,1\"").replace("\n", "\r\n");

    assertThat(CsvCabinet.open(file(text), schema(COLUMNS)).descriptor().rows()).isEqualTo(4);
  }

  @Test
  void file_thatIsEmptyOrGone_isRefusedWithoutItsPath() {
    assertThatThrownBy(() -> CsvCabinet.open(file(""), schema(COLUMNS)))
        .hasMessage("the file is empty; allowed: a header");
    assertThatThrownBy(() -> CsvCabinet.open(folder.resolve("gone.csv"), schema(COLUMNS)))
        .hasMessage("the cabinet's file cannot be read");
  }

  @Test
  void file_thatChangedSinceItWasOpened_isNotAnswered() {
    CsvCabinet cabinet = CsvCabinet.open(file(CSV), schema(COLUMNS));
    file(CSV.replace("63.5", "64.5"));

    assertThatThrownBy(() -> readAll(cabinet))
        .isInstanceOf(DimException.class)
        .hasMessage("the rows of the cabinet changed since it was opened");
  }

  @Test
  void columns_ofEveryType_areReadWithinTheirRanges() {
    List<CsvColumn> columns =
        List.of(
            CsvColumn.of("b", DataType.BOOL),
            CsvColumn.of("u8", DataType.UINT8),
            CsvColumn.of("i8", DataType.INT8),
            CsvColumn.of("u16", DataType.UINT16),
            CsvColumn.of("i64", DataType.INT64),
            CsvColumn.of("u32", DataType.UINT32));
    CsvSchema schema = CsvSchema.of("types", "test", columns);
    String header = "b,u8,i8,u16,i64,u32\n";

    Batch batch =
        readAll(
            CsvCabinet.open(
                file(
                    header
                        + "1,255,-128,65535,-9223372036854775808,4294967295\n"
                        + "false,0,127,0,9223372036854775807,0\n"),
                schema));

    assertThat(batch.columns().get("b").toDoubles()).containsExactly(1, 0);
    assertThat(batch.columns().get("u8").toDoubles()).containsExactly(255, 0);
    assertThat(batch.columns().get("i8").toDoubles()).containsExactly(-128, 127);
    assertThat(batch.columns().get("u16").toDoubles()).containsExactly(65535, 0);
    assertThat(batch.columns().get("i64"))
        .isEqualTo(Tensor.ofLongs(new long[] {Long.MIN_VALUE, Long.MAX_VALUE}));
    assertThat(batch.columns().get("u32").toDoubles()).containsExactly(4294967295.0, 0);
    for (String bad : List.of("2,0,0,0,0,0", "0,256,0,0,0,0", "0,-1,0,0,0,0", "0,0,128,0,0,0")) {
      assertThatThrownBy(() -> CsvCabinet.open(file(header + bad + "\n"), schema))
          .isInstanceOf(DimException.class)
          .hasMessageContaining("is not of the declared type");
    }
  }
}
