package io.powernode.dim.api;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a node says of a data cabinet: its form, never its content.
 *
 * @param name the name under which the owner registered it, an identifier
 * @param dataType the kind of data, as in {@code medical}
 * @param rows how many rows, 0 or more
 * @param columns the columns that models may read, in order, without the label and the time
 * @param label the column with the truth, if there is one
 * @param timeColumn the name of the column with each row's day, if there is one
 * @param fingerprint digest of schema and rows: equal for equal data
 */
public record CabinetDescriptor(
    String name,
    String dataType,
    long rows,
    List<Column> columns,
    Optional<Column> label,
    Optional<String> timeColumn,
    Digest fingerprint) {

  public CabinetDescriptor {
    Ids.require("cabinet name", name);
    Objects.requireNonNull(dataType, "dataType");
    Objects.requireNonNull(fingerprint, "fingerprint");
    columns = List.copyOf(columns);
  }
}
