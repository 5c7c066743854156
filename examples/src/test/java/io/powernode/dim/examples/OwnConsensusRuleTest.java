package io.powernode.dim.examples;

import io.powernode.dim.spi.ConsensusRule;
import io.powernode.dim.testkit.ConsensusRuleContract;

/** A plugin author's test: what every consensus rule must do. */
class OwnConsensusRuleTest extends ConsensusRuleContract {
  @Override
  protected ConsensusRule create() {
    return new OwnConsensusRule();
  }
}
