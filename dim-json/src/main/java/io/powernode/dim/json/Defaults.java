package io.powernode.dim.json;

import io.powernode.dim.api.Aggregation;
import io.powernode.dim.api.ChainedSpec;
import io.powernode.dim.api.CollaborativeSpec;
import io.powernode.dim.api.ComparativeSpec;
import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.DataRequirements;
import io.powernode.dim.api.ErrorHandling;
import io.powernode.dim.api.OnFailure;
import io.powernode.dim.api.PipelineStep;
import io.powernode.dim.api.Quorum;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.ReviewTimeoutRule;
import io.powernode.dim.api.Rounds;
import io.powernode.dim.api.TieRule;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a field that is left out means, where its type alone does not say it: the same as in the
 * fluent builders.
 */
final class Defaults {

  /** How often a pipeline that is to start again does so unless the job says how often. */
  static final int MAX_RETRIES = 1;

  /** A default, given the fields that come before it in the record. */
  interface Default extends Function<Function<String, Object>, Object> {}

  private static final Map<Class<?>, Map<String, Default>> TABLE =
      Map.of(
          CollaborativeSpec.class,
              Map.of(
                  "dataRequirements", earlier -> DataRequirements.any(),
                  "reduction", earlier -> ReductionSpec.mean(),
                  "aggregation", earlier -> Aggregation.federatedAveraging(),
                  "quorum", earlier -> Quorum.all()),
          ReductionSpec.class, Map.of("method", earlier -> ReductionSpec.mean().method()),
          Aggregation.class, Map.of("method", earlier -> Aggregation.federatedAveraging().method()),
          Quorum.class, Map.of("graceSeconds", earlier -> 0.0),
          Rounds.class, Map.of("optimizer", earlier -> Rounds.fedAvg(1).optimizer()),
          ComparativeSpec.class,
              Map.of(
                  "dataSource", earlier -> ComparativeSpec.INPUT,
                  "consensus", earlier -> Consensus.majorityVote()),
          Consensus.class,
              Map.of(
                  "method", earlier -> Consensus.majorityVote().method(),
                  "tie", earlier -> TieRule.NONE,
                  "onReviewTimeout", earlier -> ReviewTimeoutRule.UNRESOLVED),
          ChainedSpec.class, Map.of("errorHandling", earlier -> ErrorHandling.failFast()),
          PipelineStep.class, Map.of("inputSource", Defaults::inputSource),
          ErrorHandling.class,
              Map.of(
                  "onFailure", earlier -> OnFailure.FAIL_FAST,
                  "maxRetries", Defaults::maxRetries,
                  "retryFromStep", earlier -> 1,
                  "rollbackTimeout", earlier -> ErrorHandling.DEFAULT_ROLLBACK_TIMEOUT));

  private Defaults() {}

  static @Nullable Default of(Class<?> record, String component) {
    return TABLE.getOrDefault(record, Map.of()).get(component);
  }

  private static Object inputSource(Function<String, Object> earlier) {
    return PipelineStep.defaultSource((Integer) earlier.apply("step"));
  }

  private static Object maxRetries(Function<String, Object> earlier) {
    return earlier.apply("onFailure") == OnFailure.FAIL_FAST ? 0 : MAX_RETRIES;
  }
}
