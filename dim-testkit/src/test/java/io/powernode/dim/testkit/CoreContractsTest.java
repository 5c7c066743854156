package io.powernode.dim.testkit;

import io.powernode.dim.core.InMemoryModelRegistry;
import io.powernode.dim.core.InProcessTransport;
import io.powernode.dim.core.WeightedNodeSelector;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.ModelRegistry;
import io.powernode.dim.spi.NodeEndpoint;
import io.powernode.dim.spi.NodeSelector;
import io.powernode.dim.spi.NodeTransport;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/** The core's own implementations keep the contracts. Its stores have tests of their own. */
class CoreContractsTest {

  @Nested
  class Registry extends ModelRegistryContract {
    @Override
    protected ModelRegistry create() {
      return new InMemoryModelRegistry();
    }
  }

  @Nested
  class Selector extends NodeSelectorContract {
    @Override
    protected NodeSelector create() {
      return new WeightedNodeSelector();
    }
  }

  @Nested
  class InProcess extends NodeTransportContract {
    private final Environment environment = Environment.system();

    @Override
    protected NodeTransport create(List<NodeEndpoint> nodes) {
      InProcessTransport transport = new InProcessTransport(environment);
      nodes.forEach(transport::add);
      return transport;
    }

    @AfterEach
    void closeEnvironment() {
      environment.close();
    }
  }
}
