package io.powernode.dim.daemon;

import io.powernode.dim.api.DataType;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One column of a CSV file.
 *
 * @param name as in the file's header, or chosen where the file has none
 * @param type the element type: BOOL, a signed or unsigned integer of up to 32 bits, INT64, FP32,
 *     FP64, or BYTES for text
 * @param categories the only values that the column may take, spelled as in the file; empty for any
 * @param onMissing what a missing value means; {@link OnMissing#ERROR} unless declared
 * @param value what a missing value counts as, spelled as in the file; given with {@link
 *     OnMissing#VALUE} and only then
 */
public record CsvColumn(
    String name,
    DataType type,
    List<String> categories,
    Optional<OnMissing> onMissing,
    Optional<String> value) {

  public CsvColumn {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    categories = List.copyOf(categories);
  }

  /** A column that may take any value of its type and misses none. */
  public static CsvColumn of(String name, DataType type) {
    return new CsvColumn(name, type, List.of(), Optional.empty(), Optional.empty());
  }

  /** This column with these categories. */
  public CsvColumn withCategories(String... values) {
    return new CsvColumn(name, type, List.of(values), onMissing, value);
  }

  /** This column with another rule for missing values, not {@link OnMissing#VALUE}. */
  public CsvColumn onMissing(OnMissing rule) {
    return new CsvColumn(name, type, categories, Optional.of(rule), Optional.empty());
  }

  /** This column with missing values counting as {@code replacement}, spelled as in the file. */
  public CsvColumn missingCountsAs(String replacement) {
    return new CsvColumn(
        name, type, categories, Optional.of(OnMissing.VALUE), Optional.of(replacement));
  }

  /** What a missing value means. */
  public enum OnMissing {
    /** Not a number; for FP32 and FP64 only. */
    NAN,
    /** The whole row does not count. */
    DROP_ROW,
    /** The file is refused. */
    ERROR,
    /** The declared value. */
    VALUE
  }
}
