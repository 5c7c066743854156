package io.powernode.dim.spi;

import io.powernode.dim.api.RoutedRows;
import io.powernode.dim.api.TensorSpec;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a node tells of rows that it has in hand.
 *
 * @param handle under which the answer stays there for the job's later tasks; empty if it left
 * @param tensors the names, types and shapes of what stays
 * @param routed how many rows went through, if the task divided them and the owner's policy lets
 *     both numbers leave
 */
public record NodeRows(
    Optional<String> handle, List<TensorSpec> tensors, Optional<RoutedRows> routed) {

  public NodeRows {
    Objects.requireNonNull(handle, "handle");
    Objects.requireNonNull(routed, "routed");
    tensors = List.copyOf(tensors);
  }
}
