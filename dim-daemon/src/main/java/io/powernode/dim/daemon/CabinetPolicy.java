package io.powernode.dim.daemon;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.spi.TaskEnvelope.Requester;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the owner of a data cabinet allows. Everything is denied until it is allowed, rule by rule:
 * a task passes if its model, its requester, its purpose and its reduction are all allowed, and an
 * answer leaves only if enough rows stand behind it. Each answer is judged for itself: what can be
 * learned by comparing answers about overlapping rows is not. Immutable: every method returns
 * another policy.
 */
public final class CabinetPolicy {
  /**
   * The least rows behind an answer unless the owner says otherwise: smaller groups stay hidden.
   */
  public static final int DEFAULT_MINIMUM_ROWS = 5;

  private static final CabinetPolicy DENY_ALL =
      new CabinetPolicy(
          Allowed.none(),
          Allowed.none(),
          Allowed.none(),
          Allowed.none(),
          RowLevel.DENIED,
          false,
          DEFAULT_MINIMUM_ROWS);

  private final Allowed<Digest> models;
  private final Allowed<String> requesters;
  private final Allowed<String> purposes;
  private final Allowed<String> reductions;
  private final RowLevel rowLevel;
  private final boolean conditions;
  private final int minimumRows;

  private CabinetPolicy(
      Allowed<Digest> models,
      Allowed<String> requesters,
      Allowed<String> purposes,
      Allowed<String> reductions,
      RowLevel rowLevel,
      boolean conditions,
      int minimumRows) {
    this.models = models;
    this.requesters = requesters;
    this.purposes = purposes;
    this.reductions = reductions;
    this.rowLevel = rowLevel;
    this.conditions = conditions;
    this.minimumRows = minimumRows;
  }

  /** Nothing is allowed; {@link #DEFAULT_MINIMUM_ROWS} applies. */
  public static CabinetPolicy denyAll() {
    return DENY_ALL;
  }

  /** These models may run on the rows, besides those allowed before. */
  public CabinetPolicy allowModels(Digest... digests) {
    return withModels(models.and(List.of(digests)));
  }

  /** Any model may run on the rows: the owner trusts whoever may register models. */
  public CabinetPolicy allowAnyModel() {
    return withModels(models.orAny());
  }

  private CabinetPolicy withModels(Allowed<Digest> changed) {
    return new CabinetPolicy(
        changed, requesters, purposes, reductions, rowLevel, conditions, minimumRows);
  }

  /** Jobs of these users may use the rows, besides those allowed before. */
  public CabinetPolicy allowRequesters(String... userIds) {
    return withRequesters(requesters.and(texts("requesters", userIds)));
  }

  /** Jobs of any user may use the rows. */
  public CabinetPolicy allowAnyRequester() {
    return withRequesters(requesters.orAny());
  }

  private CabinetPolicy withRequesters(Allowed<String> changed) {
    return new CabinetPolicy(
        models, changed, purposes, reductions, rowLevel, conditions, minimumRows);
  }

  /** Jobs that state one of these purposes may use the rows, besides those allowed before. */
  public CabinetPolicy allowPurposes(String... names) {
    return withPurposes(purposes.and(texts("purposes", names)));
  }

  /** Jobs of any purpose may use the rows, also those that state none. */
  public CabinetPolicy allowAnyPurpose() {
    return withPurposes(purposes.orAny());
  }

  private CabinetPolicy withPurposes(Allowed<String> changed) {
    return new CabinetPolicy(
        models, requesters, changed, reductions, rowLevel, conditions, minimumRows);
  }

  /**
   * Answers of these reductions may leave, besides those allowed before. A reduction with something
   * for every row needs {@link #allowRowLevel} as well.
   */
  public CabinetPolicy allowReductions(String... names) {
    return new CabinetPolicy(
        models,
        requesters,
        purposes,
        reductions.and(texts("reductions", names)),
        rowLevel,
        conditions,
        minimumRows);
  }

  /** Answers with something for every row may leave, if their reduction is allowed by name. */
  public CabinetPolicy allowRowLevel() {
    return rowLevel == RowLevel.DENIED ? withRowLevel(RowLevel.ALLOWED) : this;
  }

  /**
   * Answers with something for every row may leave, as after {@link #allowRowLevel}, and besides
   * labels the probabilities too, which a reduction gives under its option {@code probabilities}.
   */
  public CabinetPolicy allowRowProbabilities() {
    return withRowLevel(RowLevel.WITH_PROBABILITIES);
  }

  private CabinetPolicy withRowLevel(RowLevel changed) {
    return new CabinetPolicy(
        models, requesters, purposes, reductions, changed, conditions, minimumRows);
  }

  /**
   * Conditions of a job may decide what runs on rows that stay here between its tasks, and on which
   * of them. Whether one holds of them all leaves then, and how many rows meet it unless they, or
   * the others, are fewer than {@link #minimumRows}: so jobs can learn how the models' answers are
   * spread over the rows.
   */
  public CabinetPolicy allowConditions() {
    return new CabinetPolicy(models, requesters, purposes, reductions, rowLevel, true, minimumRows);
  }

  /**
   * At least so many rows must stand behind an answer. Where conditions divide rows, that is said
   * of each group that they tell apart.
   *
   * @param rows 1 or more; 1 allows an answer about a single patient
   */
  public CabinetPolicy minimumRows(int rows) {
    if (rows < 1) {
      throw new DimException(
          ErrorCode.INVALID_ARGUMENT, "minimumRows: is too small; allowed: 1 or more");
    }
    return new CabinetPolicy(models, requesters, purposes, reductions, rowLevel, conditions, rows);
  }

  /**
   * The first rule by which a use of the rows is denied; empty if there is none.
   *
   * @param model that reads them; empty for a condition
   */
  Optional<String> denial(Optional<Digest> model, Requester requester) {
    if (model.isPresent() && !models.contains(model.get())) {
      return Optional.of("the model is not allowed");
    } else if (!requesters.contains(requester.userId())) {
      return Optional.of("the requester is not allowed");
    } else if (!purposes.any() && requester.purpose().isEmpty()) {
      return Optional.of("the job states no purpose");
    } else if (!purposes.contains(requester.purpose().orElse(""))) {
      return Optional.of("the purpose is not allowed");
    }
    return Optional.empty();
  }

  /** The rule by which a reduction is denied; empty if it may run. */
  Optional<String> denial(Reducing reducing) {
    if (!reductions.contains(reducing.reduction().name())) {
      return Optional.of("the reduction is not allowed");
    }
    return reducing.reduction().rowLevel() ? rowLevelDenial(reducing.spec()) : Optional.empty();
  }

  /** The rule by which a condition is denied; empty if it may decide. */
  Optional<String> conditionDenial() {
    return conditions ? Optional.empty() : Optional.of("conditions on rows are not allowed");
  }

  private Optional<String> rowLevelDenial(ReductionSpec spec) {
    if (rowLevel == RowLevel.DENIED) {
      return Optional.of("answers for single rows are not allowed");
    } else if (rowLevel == RowLevel.ALLOWED && spec.options().flag("probabilities").orElse(false)) {
      return Optional.of("probabilities for single rows are not allowed");
    }
    return Optional.empty();
  }

  /** The rule by which an answer about so many rows is denied; empty if it may leave. */
  Optional<String> denial(long rows) {
    return rows < minimumRows
        ? Optional.of("fewer rows than the minimum of " + minimumRows + " stand behind the answer")
        : Optional.empty();
  }

  private static List<String> texts(String rule, String... values) {
    for (String value : values) {
      if (value.isBlank()) {
        throw new DimException(
            ErrorCode.INVALID_ARGUMENT, rule + ": one is blank; allowed: names that are not blank");
      }
    }
    return List.of(values);
  }

  private enum RowLevel {
    DENIED,
    ALLOWED,
    WITH_PROBABILITIES
  }

  private record Allowed<T>(boolean any, Set<T> values) {
    static <T> Allowed<T> none() {
      return new Allowed<>(false, Set.of());
    }

    Allowed<T> and(List<T> more) {
      Set<T> all = new LinkedHashSet<>(values);
      all.addAll(more);
      return new Allowed<>(any, Set.copyOf(all));
    }

    Allowed<T> orAny() {
      return new Allowed<>(true, values);
    }

    boolean contains(T value) {
      return any || values.contains(value);
    }
  }
}
