package io.powernode.dim.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An expert's decisions.
 *
 * @param reviewer who decided; not empty
 * @param decisions from a requested row to one of the requested labels; at least one, and not
 *     necessarily all: the other rows go on waiting, within the time that is left
 * @param note why, for the evidence
 */
public record Review(String reviewer, Map<String, String> decisions, Optional<String> note) {

  public Review {
    if (reviewer.isBlank()) {
      throw new DimException(
          ErrorCode.INVALID_ARGUMENT, "reviewer: is empty; allowed: the reviewer's name or id");
    }
    decisions = Collections.unmodifiableMap(new LinkedHashMap<>(decisions));
  }
}
