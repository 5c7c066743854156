package io.powernode.dim.core;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.NodeRecord;
import io.powernode.dim.spi.NodeRequirements;
import io.powernode.dim.spi.NodeSelector;
import io.powernode.dim.spi.NodeSelector.Selection;
import io.powernode.dim.spi.NodeTransport;
import java.util.Set;

/** What it takes to bring tasks to nodes. Thread-safe. */
record Dispatcher(
    Environment environment,
    NodeTransport transport,
    NodeRegistry nodes,
    NodeSelector selector,
    RetryPolicy retries) {

  /**
   * Chooses nodes.
   *
   * @throws io.powernode.dim.api.DimException saying which filter removed how many
   */
  Selection choose(NodeRequirements requirements, Set<String> exclude) {
    Selection selection = select(requirements, exclude);
    if (selection.chosen().size() < requirements.count().atLeast()) {
      throw WeightedNodeSelector.refusal(requirements, selection);
    }
    return selection;
  }

  /** A selector may be the host's own code, which must not leave a task without an end. */
  private Selection select(NodeRequirements requirements, Set<String> exclude) {
    try {
      return selector.select(requirements, nodes, exclude, environment.random());
    } catch (DimException refusal) {
      throw refusal;
    } catch (RuntimeException e) {
      throw new DimException(
          ErrorInfo.of(ErrorCode.INTERNAL, "the node selector threw " + e.getClass().getName()), e);
    }
  }

  /** Chooses one node. */
  NodeRecord chooseOne(NodeRequirements requirements, Set<String> exclude) {
    return choose(requirements.count(1, 1), exclude).chosen().get(0);
  }
}
