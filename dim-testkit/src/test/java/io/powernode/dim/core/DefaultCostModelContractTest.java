package io.powernode.dim.core;

import io.powernode.dim.spi.CostModel;
import io.powernode.dim.testkit.CostModelContract;

/** Here because the class is the core's own, and the contract is not on the core's class path. */
class DefaultCostModelContractTest extends CostModelContract {
  @Override
  protected CostModel create() {
    return new DefaultCostModel();
  }
}
