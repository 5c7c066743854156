package io.powernode.dim.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.powernode.dim.api.CabinetDescriptor;
import io.powernode.dim.api.Column;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.Ids;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TimeRange;
import io.powernode.dim.spi.Batch;
import io.powernode.dim.spi.Batches;
import io.powernode.dim.spi.DataCabinet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link DataCabinet} must do. Extend it, and say how to create a cabinet of at least
 * two rows.
 */
public abstract class DataCabinetContract {
  private DataCabinet cabinet;
  private CabinetDescriptor descriptor;

  /** For subclasses. */
  protected DataCabinetContract() {}

  /** The cabinet, newly opened on the same data each time. */
  protected abstract DataCabinet create() throws Exception;

  @BeforeEach
  void createCabinet() throws Exception {
    cabinet = create();
    descriptor = cabinet.descriptor();
  }

  @Test
  void descriptor_always_fitsTheRows() {
    assertThat(Ids.isValid(descriptor.name())).isTrue();
    assertThat(descriptor.rows()).isGreaterThanOrEqualTo(2);
    assertThat(read(cabinet, 7).stream().mapToLong(Batch::rows).sum()).isEqualTo(descriptor.rows());
  }

  @Test
  void descriptor_ofTheSameData_isTheSame() throws Exception {
    assertThat(create().descriptor()).isEqualTo(descriptor);
    assertThat(cabinet.descriptor()).isEqualTo(descriptor);
  }

  @Test
  void batches_always_haveTheDescribedForm() {
    List<String> names = descriptor.columns().stream().map(Column::name).toList();
    for (Batch batch : read(cabinet, 3)) {
      assertThat(batch.rows()).isBetween(1, 3);
      assertThat(batch.columns().keySet()).containsExactlyElementsOf(names);
      for (Column column : descriptor.columns()) {
        assertForm(TensorAssertions.get(batch.columns(), column.name()), column, batch.rows());
      }
      assertThat(batch.rowIds().shape()).containsExactly(batch.rows());
      assertThat(batch.label().isPresent()).isEqualTo(descriptor.label().isPresent());
      batch
          .label()
          .ifPresent(label -> assertForm(label, descriptor.label().orElseThrow(), batch.rows()));
    }
  }

  private static void assertForm(Tensor values, Column column, int rows) {
    assertThat(values.dataType()).as(column.name()).isEqualTo(column.type());
    assertThat(values.shape()).as(column.name()).containsExactly(rows);
    if (!column.categories().isEmpty() && !column.type().isNumeric()) {
      assertThat(column.categories()).as(column.name()).containsAll(values.strings());
    }
  }

  @Test
  void read_inBatchesOfAnySize_givesTheSameRows() {
    Map<String, List<Object>> whole = rows(read(cabinet, Integer.MAX_VALUE));
    for (int batchRows : new int[] {1, 2, 5, (int) descriptor.rows()}) {
      assertThat(rows(read(cabinet, batchRows))).as("by %d", batchRows).isEqualTo(whole);
    }
  }

  @Test
  void read_ofAnotherInstance_givesTheSameRowsAndIds() throws Exception {
    assertThat(rows(read(create(), 4))).isEqualTo(rows(read(cabinet, 4)));
  }

  @Test
  void rowIds_always_areUnique() {
    assertThat(rows(read(cabinet, 4)).get("row ids")).doesNotHaveDuplicates();
  }

  @Test
  void batches_ofTwoReaders_doNotDisturbEachOther() {
    Map<String, List<Object>> whole = rows(read(cabinet, 1));
    List<Batch> first = new ArrayList<>();
    List<Batch> second = new ArrayList<>();
    try (Batches one = cabinet.read(Optional.empty(), 1);
        Batches other = cabinet.read(Optional.empty(), 1)) {
      for (long i = 0; i < descriptor.rows(); i++) {
        first.add(one.next().orElseThrow());
        second.add(other.next().orElseThrow());
      }
    }
    assertThat(rows(first)).isEqualTo(whole);
    assertThat(rows(second)).isEqualTo(whole);
  }

  @Test
  void next_atTheEnd_staysEmpty() {
    try (Batches batches = cabinet.read(Optional.empty(), Integer.MAX_VALUE)) {
      assertThat(all(batches)).isNotEmpty();
      assertThat(batches.next()).isEmpty();
      assertThat(batches.next()).isEmpty();
    }
  }

  @Test
  void close_beforeTheEnd_isFineAndMayBeRepeated() {
    Batches batches = cabinet.read(Optional.empty(), 1);
    assertThat(batches.next()).isPresent();
    batches.close();
    batches.close();
    assertThat(read(cabinet, 100)).isNotEmpty();
  }

  @Test
  void read_inBatchesOfNothing_isRefused() {
    for (int batchRows : new int[] {0, -1}) {
      assertThatThrownBy(() -> cabinet.read(Optional.empty(), batchRows).close())
          .as("%d", batchRows)
          .isInstanceOfAny(IllegalArgumentException.class, DimException.class);
    }
  }

  @Test
  void read_ofAPeriodWithoutATimeColumn_isRefused() {
    assumeThat(descriptor.timeColumn()).as("time column").isEmpty();
    Optional<TimeRange> period = Optional.of(TimeRange.parse("2024-01-01/2024-12-31"));
    assertThatThrownBy(() -> cabinet.read(period, 10).close()).isInstanceOf(DimException.class);
  }

  @Test
  void read_ofAPeriod_givesARowInItsPlaceOrNotAtAll() {
    assumeThat(descriptor.timeColumn()).as("time column").isPresent();
    List<Object> all = rows(read(cabinet, 10)).get("row ids");
    List<Object> ever = ids(TimeRange.parse("0001-01-01/9999-12-31"));
    List<Object> early = ids(TimeRange.parse("0001-01-01/2024-06-30"));
    List<Object> late = ids(TimeRange.parse("2024-07-01/9999-12-31"));
    assertThat(ever).isSubsetOf(all);
    assertThat(Collections.disjoint(early, late)).isTrue();
    assertThat(ever.stream().filter(early::contains).toList()).isEqualTo(early);
    assertThat(early.size() + late.size()).isEqualTo(ever.size());
  }

  private List<Object> ids(TimeRange period) {
    try (Batches batches = cabinet.read(Optional.of(period), 10)) {
      return rows(all(batches)).getOrDefault("row ids", List.of());
    }
  }

  private static List<Batch> read(DataCabinet from, int batchRows) {
    try (Batches batches = from.read(Optional.empty(), batchRows)) {
      return all(batches);
    }
  }

  private static List<Batch> all(Batches batches) {
    List<Batch> all = new ArrayList<>();
    for (Optional<Batch> next = batches.next(); next.isPresent(); next = batches.next()) {
      all.add(next.get());
    }
    return all;
  }

  /** Every column's values, row by row, as objects that compare NaN to NaN. */
  private static Map<String, List<Object>> rows(List<Batch> batches) {
    Map<String, List<Object>> rows = new LinkedHashMap<>();
    for (Batch batch : batches) {
      batch.columns().forEach((name, tensor) -> add(rows, "column " + name, tensor));
      batch.label().ifPresent(label -> add(rows, "label", label));
      add(rows, "row ids", batch.rowIds());
    }
    return rows;
  }

  private static void add(Map<String, List<Object>> rows, String name, Tensor tensor) {
    List<Object> values = rows.computeIfAbsent(name, n -> new ArrayList<>());
    if (tensor.dataType().isNumeric()) {
      for (double value : tensor.toDoubles()) {
        values.add(value);
      }
    } else {
      values.addAll(tensor.strings());
    }
  }
}
