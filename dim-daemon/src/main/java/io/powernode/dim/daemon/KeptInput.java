package io.powernode.dim.daemon;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.spi.Batch;
import io.powernode.dim.spi.Condition;
import io.powernode.dim.spi.ConditionLanguage;
import io.powernode.dim.spi.RowRoute;
import io.powernode.dim.spi.TaskInput;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a task works on of rows that stay.
 *
 * @param columns what the model or the condition reads
 * @param division which rows the model works on; empty for all
 * @param base a set of the rows
 * @param owners whose rows they are
 * @param groups which of them the job could tell apart
 */
record KeptInput(
    KeptColumns columns,
    Optional<Division> division,
    RowSet base,
    Set<CabinetPolicy> owners,
    RowGroups groups) {

  /**
   * A division with its columns at hand.
   *
   * @param read what the condition reads
   * @param passing what rows have that pass by
   */
  record Division(TaskInput.Division asked, KeptColumns read, KeptColumns passing) {}

  /**
   * The rows that a task means.
   *
   * @param find the rows under a handle
   * @throws DimException with {@link ErrorCode#INVALID_DATA} if columns are of different rows
   */
  static KeptInput of(TaskInput.Kept kept, Function<String, RowSet> find) {
    KeptColumns columns = KeptColumns.of(kept.columns(), find);
    Optional<Division> division =
        kept.division()
            .map(
                asked ->
                    new Division(
                        asked,
                        KeptColumns.of(asked.read(), find),
                        KeptColumns.of(asked.passing(), find)));
    List<RowSet> sets = new ArrayList<>(columns.sets());
    division.ifPresent(
        d -> Stream.of(d.read(), d.passing()).forEach(some -> sets.addAll(some.sets())));
    if (columns.sets().isEmpty()) {
      throw new DimException(
          ErrorCode.INVALID_ARGUMENT, "input: names no column; allowed: columns that were kept");
    }
    RowSet base = sets.get(0);
    Set<CabinetPolicy> owners = new LinkedHashSet<>();
    RowGroups groups = base.groups();
    for (RowSet set : new LinkedHashSet<>(sets)) {
      requireSameRows(base, set);
      owners.addAll(set.owners());
      groups = set == base ? groups : groups.with(set.groups());
    }
    return new KeptInput(columns, division, base, owners, groups);
  }

  private static void requireSameRows(RowSet base, RowSet other) {
    boolean same = base.blocks().size() == other.blocks().size();
    for (int i = 0; same && i < base.blocks().size(); i++) {
      Batch here = base.blocks().get(i);
      Batch there = other.blocks().get(i);
      same = here.rowIds().equals(there.rowIds());
    }
    if (!same) {
      throw new DimException(
          ErrorCode.INVALID_DATA, "rows: the columns are of different rows of the node");
    }
  }

  /** The rows for a model, divided as the task asks. */
  OpenRows open(Function<Condition, ConditionLanguage> languages) {
    Optional<RowRoute> route = division.map(asked -> route(asked, languages));
    return new OpenRows(
        columns.batches(base),
        Map.of(),
        Optional.of(route.map(groups::divided).orElse(groups)),
        route,
        route.map(rows -> new Divider(rows, division.orElseThrow())));
  }

  private RowRoute route(Division asked, Function<Condition, ConditionLanguage> languages) {
    Condition condition = asked.asked().condition();
    return languages.apply(condition).route(condition.text(), asked.read().whole(), base.rows());
  }
}
