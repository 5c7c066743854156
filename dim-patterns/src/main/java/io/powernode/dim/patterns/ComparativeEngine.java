package io.powernode.dim.patterns;

import io.powernode.dim.api.ComparativeSpec;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Catalog;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternEngine;
import io.powernode.dim.spi.PatternResult;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * {@code comparative}: several models run over the same rows, and a consensus rule makes one
 * decision a row of their votes, or of their numbers if they are regressions.
 *
 * <p>The rows are a cabinet's, from which only votes leave ({@link VotesReduction}; probabilities
 * where the owner's policy lets them) or numbers ({@link NumbersReduction}), or the job's own input
 * data, called {@code r1} to {@code rn} unless that has their names in a tensor {@code row_ids},
 * BYTES [n], which no model sees. Votes are lined up by the rows' ids; a model that voted on other
 * rows than most did, of equally many than the first, has failed. The classes are the job's {@code
 * labels}, else the models' own, which must be the same set. A model that fails is recorded with
 * weight 0; fewer than two that answer are {@link ErrorCode#NO_CONSENSUS}. Where the rule or {@code
 * minConfidence} needs probabilities, a model that gives none has failed, and so has one that could
 * not be tried on the {@code goldCabinet}. A row without a decision is an answer, unless the rule
 * or the tie rule hands it to an expert. Thread-safe.
 */
public final class ComparativeEngine implements PatternEngine<ComparativeSpec> {

  /** For the service loader. */
  public ComparativeEngine() {}

  @Override
  public String name() {
    return ComparativeSpec.PATTERN;
  }

  @Override
  public Class<ComparativeSpec> specType() {
    return ComparativeSpec.class;
  }

  @Override
  public void validate(ComparativeSpec spec, Catalog catalog, Violations violations) {
    new ComparativeChecks(spec, catalog, violations).run();
  }

  @Override
  public void validateInput(
      ComparativeSpec spec, Map<String, Tensor> inputData, Catalog catalog, Violations violations) {
    if (spec.usesInputData()) {
      InputDataChecks.requireSome(inputData, violations);
      InputDataChecks.requireNames(inputData, violations);
    } else {
      InputDataChecks.requireNone(inputData, violations);
    }
  }

  @Override
  public boolean readsInput(ComparativeSpec spec, Catalog catalog) {
    return spec.usesInputData();
  }

  @Override
  public Set<String> models(ComparativeSpec spec, Catalog catalog) {
    return new LinkedHashSet<>(spec.modelIds());
  }

  @Override
  public int estimateTasks(ComparativeSpec spec, Catalog catalog) {
    int models = spec.modelIds().size();
    int trials = ComparativeChecks.goldCabinet(spec).isPresent() ? models : 0;
    int judged = ComparativeChecks.calibratesOnItself(spec) ? models + 1 : 2 * models + 1;
    boolean judges = ComparativeChecks.calibrationCabinet(spec).isPresent();
    return models + trials + (judges ? judged : 0);
  }

  @Override
  public PatternResult execute(ComparativeSpec spec, PatternContext context) {
    return new ComparativeRun(spec, context).result();
  }
}
