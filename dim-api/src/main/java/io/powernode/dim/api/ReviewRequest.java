package io.powernode.dim.api;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What experts are asked to decide. After a review of some rows only, the rest is asked for again.
 *
 * @param labels the classes to choose from
 * @param items the disputed rows
 * @param limit how long experts may take, counted from when the request was made
 */
public record ReviewRequest(List<String> labels, List<Item> items, Optional<Duration> limit) {

  public ReviewRequest {
    labels = List.copyOf(labels);
    items = List.copyOf(items);
  }

  /**
   * One disputed row.
   *
   * @param row its pseudonymous id
   * @param votes the label by model id; a model that abstained is absent
   * @param agreement the leading label's share, 0..1
   */
  public record Item(String row, Map<String, String> votes, double agreement) {

    public Item {
      votes = Collections.unmodifiableMap(new LinkedHashMap<>(votes));
    }
  }
}
