package io.powernode.dim.daemon;

import io.powernode.dim.api.CabinetDescriptor;
import io.powernode.dim.api.Column;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Ids;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TimeRange;
import io.powernode.dim.spi.Batches;
import io.powernode.dim.spi.DataCabinet;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A data cabinet whose columns the host hands over. Rows are known outside by pseudonyms, as those
 * of a {@link CsvCabinet} are; equal columns have the same fingerprint in both.
 */
public final class InMemoryCabinet implements DataCabinet {
  private final List<Tensor> cells;
  private final CabinetScan scan;

  private InMemoryCabinet(List<Tensor> cells, CabinetScan scan) {
    this.cells = cells;
    this.scan = scan;
  }

  /**
   * Begins a cabinet without columns.
   *
   * @param name its name, an identifier
   * @param dataType the kind of data, as in {@code medical}
   */
  public static Builder builder(String name, String dataType) {
    return new Builder(name, dataType);
  }

  @Override
  public CabinetDescriptor descriptor() {
    return scan.descriptor();
  }

  @Override
  public Batches read(Optional<TimeRange> timeRange, int batchRows) {
    RowBatches.require(scan.form(), timeRange, batchRows);
    return new RowBatches(scan, rows(cells), timeRange, batchRows);
  }

  private static MemoryRows rows(List<Tensor> cells) {
    return new MemoryRows(cells, (int) cells.get(0).dimension(0));
  }

  /** Collects the columns of a cabinet; all of them have the same length. Not thread-safe. */
  public static final class Builder {
    private final String name;
    private final String dataType;
    private final Map<Column, Tensor> features = new LinkedHashMap<>();
    private Optional<Role> label = Optional.empty();
    private Optional<Role> time = Optional.empty();
    private Optional<Role> ids = Optional.empty();

    private Builder(String name, String dataType) {
      this.name = Ids.require("cabinet name", name);
      this.dataType = dataType;
    }

    /** Adds a feature, a tensor of shape [rows] of any type. */
    public Builder column(String column, Tensor values) {
      return column(Column.of(column, values.dataType()), values);
    }

    /** Adds a feature, a tensor of shape [rows] of the column's type. */
    public Builder column(Column column, Tensor values) {
      if (column.type() != values.dataType()) {
        throw invalid(
            "column %s: is %s; allowed: %s"
                .formatted(column.name(), values.dataType(), column.type()));
      }
      features.put(column, values);
      return this;
    }

    /** The truth: one of {@code categories} for each row. */
    public Builder label(String column, List<String> categories, List<String> values) {
      if (!categories.containsAll(values)) {
        throw invalid("label: a value is no category; allowed: the categories");
      }
      label =
          Optional.of(
              new Role(new Column(column, DataType.BYTES, categories), Tensor.ofStrings(values)));
      return this;
    }

    /** Each row's day. */
    public Builder time(String column, List<LocalDate> days) {
      time = Optional.of(Role.of(column, days.stream().map(LocalDate::toString).toList()));
      return this;
    }

    /** Each row's id, unique; what leaves is a keyed digest of it. */
    public Builder rowIds(String column, List<String> values) {
      ids = Optional.of(Role.of(column, values));
      return this;
    }

    /**
     * The cabinet.
     *
     * @throws DimException with {@link ErrorCode#INVALID_DATA} if columns are of unlike length, of
     *     another shape than [rows], or share a name, or if there is none
     */
    public InMemoryCabinet build() {
      CabinetForm form =
          new CabinetForm(
              name,
              dataType,
              List.copyOf(features.keySet()),
              label.map(Role::column),
              time.map(role -> role.column().name()),
              new CabinetForm.RowIdentity(ids.map(role -> role.column().name()), false));
      List<Tensor> cells = new ArrayList<>(features.values());
      List.of(label, time, ids).forEach(role -> role.ifPresent(r -> cells.add(r.values())));
      require(form, cells);
      return new InMemoryCabinet(List.copyOf(cells), CabinetScan.of(form, rows(cells)));
    }

    private static void require(CabinetForm form, List<Tensor> cells) {
      List<String> names = form.cells().stream().map(Column::name).toList();
      if (names.isEmpty() || names.stream().distinct().count() != names.size()) {
        throw invalid("columns: there is none, or two share a name; allowed: unique names");
      }
      for (int i = 0; i < cells.size(); i++) {
        if (cells.get(i).rank() != 1 || cells.get(i).elements() != cells.get(0).elements()) {
          throw invalid(
              "column %s: has shape %s; allowed: [rows], the same for all columns"
                  .formatted(names.get(i), Arrays.toString(cells.get(i).shape())));
        }
      }
    }

    private static DimException invalid(String message) {
      return new DimException(ErrorCode.INVALID_DATA, message);
    }

    private record Role(Column column, Tensor values) {
      static Role of(String column, List<String> values) {
        return new Role(Column.of(column, DataType.BYTES), Tensor.ofStrings(values));
      }
    }
  }
}
