package io.powernode.dim.daemon;

import io.powernode.dim.api.CabinetDescriptor;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.spi.DataCabinet;
import io.powernode.dim.spi.TaskInput;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The cabinets that the owner registered, each with what the owner allows. Thread-safe. */
final class Cabinets {
  private final Map<String, Held> byName;

  Cabinets(Map<String, Held> byName) {
    this.byName = new LinkedHashMap<>(byName);
  }

  List<CabinetDescriptor> descriptors() {
    return byName.values().stream().map(held -> held.cabinet().descriptor()).toList();
  }

  /**
   * The cabinet that a task means.
   *
   * @throws DimException with {@link ErrorCode#DATA_UNAVAILABLE} if there is no such cabinet, or
   *     more than one fits, or it lacks the time column that the task needs
   */
  Held find(TaskInput.Cabinet wanted) {
    Held held = wanted.name().isPresent() ? named(wanted.name().get()) : onlyOne(wanted.dataType());
    if (wanted.timeRange().isPresent() && held.cabinet().descriptor().timeColumn().isEmpty()) {
      throw unavailable("the cabinet declares no time column, which a time range needs");
    }
    return held;
  }

  private Held named(String name) {
    Held held = byName.get(name);
    if (held == null) {
      throw unavailable("the node has no cabinet of this name");
    }
    return held;
  }

  private Held onlyOne(Optional<String> dataType) {
    Collection<Held> fitting =
        byName.values().stream()
            .filter(
                held ->
                    dataType.isEmpty()
                        || held.cabinet().descriptor().dataType().equals(dataType.get()))
            .toList();
    if (fitting.size() != 1) {
      throw unavailable(
          "the task names no cabinet and %d fit; allowed: a name, or exactly one that fits"
              .formatted(fitting.size()));
    }
    return fitting.iterator().next();
  }

  private static DimException unavailable(String message) {
    return new DimException(ErrorCode.DATA_UNAVAILABLE, message);
  }

  /**
   * A cabinet in its owner's hands.
   *
   * @param cabinet the rows
   * @param policy what may be done with them
   */
  record Held(DataCabinet cabinet, CabinetPolicy policy) {}
}
