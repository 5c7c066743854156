package io.powernode.dim.daemon;

import io.powernode.dim.api.CabinetDescriptor;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.TimeRange;
import io.powernode.dim.spi.Batches;
import io.powernode.dim.spi.DataCabinet;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A data cabinet over a CSV file (RFC 4180, UTF-8) whose columns a {@link CsvSchema} declares.
 * Opening reads the whole file once: every row is checked against the schema, counted and digested;
 * this takes memory for the row ids only. Reading streams, in memory for one batch, and fails at
 * its end with {@link io.powernode.dim.api.ErrorCode#DATA_UNAVAILABLE} if the rows are no longer
 * those that were opened.
 *
 * <p>Rows are known outside by pseudonyms: keyed digests of the row's id, or of its number where
 * the schema names no id column. The key is derived from the rows themselves, so that nodes with
 * the same data agree and nobody without the data can make one.
 */
public final class CsvCabinet implements DataCabinet {
  private final Path file;
  private final CsvSchema schema;
  private final CabinetScan scan;

  private CsvCabinet(Path file, CsvSchema schema, CabinetScan scan) {
    this.file = file;
    this.schema = schema;
    this.scan = scan;
  }

  /**
   * Opens a file and checks all of it.
   *
   * @throws DimException with {@link io.powernode.dim.api.ErrorCode#INVALID_DATA} naming row number
   *     and column of the first row that does not fit the schema, never a value; {@link
   *     io.powernode.dim.api.ErrorCode#DATA_UNAVAILABLE} if the file cannot be read
   */
  public static CsvCabinet open(Path file, CsvSchema schema) {
    try (CsvRows rows = new CsvRows(file, schema)) {
      return new CsvCabinet(file, schema, CabinetScan.of(schema.form(), rows));
    } catch (DimException e) {
      throw about(schema.name(), e);
    }
  }

  /**
   * Opens a file and checks all of it against a schema file, see {@link CsvSchema#read}.
   *
   * @throws DimException as the two calls do that this one stands for
   */
  public static CsvCabinet open(Path file, Path schemaFile) {
    return open(file, CsvSchema.read(schemaFile));
  }

  @Override
  public CabinetDescriptor descriptor() {
    return scan.descriptor();
  }

  @Override
  public Batches read(Optional<TimeRange> timeRange, int batchRows) {
    RowBatches.require(scan.form(), timeRange, batchRows);
    return new RowBatches(scan, new CsvRows(file, schema), timeRange, batchRows);
  }

  private static DimException about(String cabinet, DimException e) {
    return new DimException(e.info().about("cabinet", cabinet), e);
  }
}
