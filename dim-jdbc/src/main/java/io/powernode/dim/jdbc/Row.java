package io.powernode.dim.jdbc;

import io.powernode.dim.api.Digest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An entry without its value.
 *
 * @param version 0 if there is no such entry
 * @param indexes its index keys by index name
 * @param blob where its value is, if not in the row
 */
record Row(long version, Map<String, String> indexes, Optional<Digest> blob) {
  static final Row ABSENT = new Row(0, Map.of(), Optional.empty());

  boolean isPresent() {
    return version > 0;
  }

  /** A row as it was read. */
  static Row of(long version, String indexes, Optional<Digest> blob) {
    List<String> texts = Texts.split(indexes);
    Map<String, String> keys = new LinkedHashMap<>();
    for (int i = 0; i < texts.size(); i += 2) {
      keys.put(texts.get(i), texts.get(i + 1));
    }
    return new Row(version, keys, blob);
  }

  /** The index keys as a column holds them. */
  String indexesText() {
    List<String> texts = new ArrayList<>();
    indexes.forEach(
        (name, key) -> {
          texts.add(name);
          texts.add(key);
        });
    return Texts.join(texts);
  }
}
