package io.powernode.dim.testkit;

import io.powernode.dim.api.Evidence;
import io.powernode.dim.api.JobOutput;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternEngine;
import io.powernode.dim.spi.PatternResult;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;

/** An engine whose work a test writes. */
record ScriptedEngine(Function<PatternContext, PatternResult> script)
    implements PatternEngine<ScriptedEngine.Spec> {
  static final Duration ROLLBACK_TIMEOUT = Duration.ofSeconds(80);

  /** Nothing to say. */
  record Spec() implements PatternSpec {
    @Override
    public String pattern() {
      return "scripted";
    }
  }

  static PatternResult done() {
    return PatternResult.completed(JobOutput.ofTensors(Map.of()), Evidence.of("scripted"));
  }

  @Override
  public String name() {
    return "scripted";
  }

  @Override
  public Class<Spec> specType() {
    return Spec.class;
  }

  @Override
  public Duration rollbackTimeout(Spec spec) {
    return ROLLBACK_TIMEOUT;
  }

  @Override
  public PatternResult execute(Spec spec, PatternContext context) {
    return script.apply(context);
  }
}
