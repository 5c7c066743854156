package io.powernode.dim.core;

import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternEngine;
import io.powernode.dim.spi.PatternResult;
import java.util.function.Function;

/** An engine whose work a test writes. */
final class ScriptedEngine implements PatternEngine<ScriptedEngine.Spec> {
  private final Function<PatternContext, PatternResult> script;

  ScriptedEngine(Function<PatternContext, PatternResult> script) {
    this.script = script;
  }

  /** Nothing to say. */
  record Spec() implements PatternSpec {
    @Override
    public String pattern() {
      return "scripted";
    }
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
  public PatternResult execute(Spec spec, PatternContext context) {
    return script.apply(context);
  }
}
