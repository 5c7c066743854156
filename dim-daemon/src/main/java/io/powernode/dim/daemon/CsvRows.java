package io.powernode.dim.daemon;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.powernode.dim.api.Column;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The rows of a CSV file (RFC 4180, UTF-8), parsed as they are asked for. */
final class CsvRows implements RowCursor {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final CloseableIterator<CsvRecord> records;
  private final List<CellParser> parsers = new ArrayList<>();
  private final int[] fields;
  private final int width;
  private long rowNumber;

  CsvRows(Path file, CsvSchema schema) {
    this.records = open(file);
    try {
      List<String> header =
          schema.hasHeader() ? header() : schema.columns().stream().map(CsvColumn::name).toList();
      this.width = header.size();
      List<Column> cells = schema.form().cells();
      for (Column cell : cells) {
        parsers.add(new CellParser(schema.named(cell.name()), schema.missingTokens()));
      }
      this.fields = cells.stream().mapToInt(cell -> fieldOf(cell.name(), header)).toArray();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public boolean next(RowBuffer row) {
    while (hasNext()) {
      rowNumber++;
      CsvRecord read = record();
      if (read.getFieldCount() != width) {
        throw new DimException(
            ErrorCode.INVALID_DATA,
            "row %d: has %d fields; allowed: %d".formatted(rowNumber, read.getFieldCount(), width));
      }
      if (parse(read, row)) {
        return true;
      }
      row.drop();
    }
    return false;
  }

  @Override
  public long rowNumber() {
    return rowNumber;
  }

  @Override
  public void close() {
    try {
      records.close();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private boolean parse(CsvRecord read, RowBuffer row) {
    for (int i = 0; i < fields.length; i++) {
      String field = read.getField(fields[i]);
      if (!parsers.get(i).parse(field, row.cell(i), rowNumber)) {
        return false;
      }
    }
    return true;
  }

  private List<String> header() {
    if (!hasNext()) {
      throw new DimException(ErrorCode.INVALID_DATA, "the file is empty; allowed: a header");
    }
    List<String> header = new ArrayList<>(record().getFields());
    if (header.get(0).startsWith(BYTE_ORDER_MARK)) {
      header.set(0, header.get(0).substring(BYTE_ORDER_MARK.length()));
    }
    return header;
  }

  private static int fieldOf(String column, List<String> header) {
    int field = header.indexOf(column);
    if (field < 0 || header.lastIndexOf(column) != field) {
      throw new DimException(
          ErrorCode.INVALID_DATA,
          "header: column %s %s; allowed: every column of the schema once"
              .formatted(column, field < 0 ? "is missing" : "stands there twice"));
    }
    return field;
  }

  private boolean hasNext() {
    try {
      return records.hasNext();
    } catch (CsvParseException | UncheckedIOException e) {
      throw malformed(e);
    }
  }

  private CsvRecord record() {
    try {
      return records.next();
    } catch (CsvParseException | UncheckedIOException e) {
      throw malformed(e);
    }
  }

  private DimException malformed(RuntimeException cause) {
    return new DimException(
        ErrorInfo.of(
            ErrorCode.INVALID_DATA,
            "row %d: cannot be read; allowed: CSV in UTF-8".formatted(rowNumber + 1)),
        cause);
  }

  private static CloseableIterator<CsvRecord> open(Path file) {
    try {
      // A decoder, not a charset: a charset would replace malformed bytes without a word.
      InputStreamReader text =
          new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8.newDecoder());
      return CsvReader.builder()
          .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
          .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
          .allowUnclosedQuote(false)
          .ofCsvRecord(text)
          .iterator();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static DimException unreadable(IOException cause) {
    return new DimException(
        ErrorInfo.of(ErrorCode.DATA_UNAVAILABLE, "the cabinet's file cannot be read"), cause);
  }
}
