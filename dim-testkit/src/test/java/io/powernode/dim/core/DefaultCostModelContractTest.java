package io.powernode.dim.core;

import io.powernode.dim.spi.CostModel;
import io.powernode.dim.testkit.CostModelContract;

class DefaultCostModelTest extends CostModelContract {
  @Override
  protected CostModel create() {
    return new DefaultCostModel();
  }
}
