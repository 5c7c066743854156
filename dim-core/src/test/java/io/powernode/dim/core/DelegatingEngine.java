package io.powernode.dim.core;

import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternEngine;
import io.powernode.dim.spi.PatternResult;
import java.util.function.Function;

/** A scripted engine of which a test changes one thing. */
class DelegatingEngine implements PatternEngine<ScriptedEngine.Spec> {
  private final ScriptedEngine engine;

  DelegatingEngine(Function<PatternContext, PatternResult> script) {
    engine = new ScriptedEngine(script);
  }

  @Override
  public String name() {
    return engine.name();
  }

  @Override
  public Class<ScriptedEngine.Spec> specType() {
    return engine.specType();
  }

  @Override
  public PatternResult execute(ScriptedEngine.Spec spec, PatternContext context) {
    return engine.execute(spec, context);
  }
}
