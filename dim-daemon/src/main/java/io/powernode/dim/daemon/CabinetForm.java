package io.powernode.dim.daemon;

import io.powernode.dim.api.Column;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the rows of a cabinet are laid out: the features first, then the label, the time and the row
 * id, as far as there are any.
 */
record CabinetForm(
    String name,
    String dataType,
    List<Column> features,
    Optional<Column> label,
    Optional<String> timeColumn,
    RowIdentity identity) {

  CabinetForm {
    features = List.copyOf(features);
  }

  /**
   * Where the ids of rows come from.
   *
   * @param column the column that holds them; without one they are derived from the row's number
   * @param pseudonymous whether the column's ids may leave as they are
   */
  record RowIdentity(Optional<String> column, boolean pseudonymous) {}

  /** The cells of a row in their order. */
  List<Column> cells() {
    List<Column> cells = new ArrayList<>(features);
    label.ifPresent(cells::add);
    timeColumn.ifPresent(time -> cells.add(Column.of(time, DataType.BYTES)));
    identity.column().ifPresent(id -> cells.add(Column.of(id, DataType.BYTES)));
    return List.copyOf(cells);
  }

  int labelCell() {
    return features.size();
  }

  int timeCell() {
    return labelCell() + (label.isPresent() ? 1 : 0);
  }

  int idCell() {
    return timeCell() + (timeColumn.isPresent() ? 1 : 0);
  }

  /** A digest that has taken everything about the form but the cabinet's name. */
  MessageDigest startDigest() {
    MessageDigest sha = Digest.sha256();
    update(sha, dataType);
    update(sha, features.size() + " " + label.isPresent() + " " + timeColumn.isPresent());
    for (Column cell : cells()) {
      update(sha, cell.name());
      update(sha, cell.type().name());
      update(sha, Integer.toString(cell.categories().size()));
      cell.categories().forEach(category -> update(sha, category));
    }
    return sha;
  }

  private static void update(MessageDigest sha, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    sha.update(bytes);
  }
}
