package io.powernode.dim.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.powernode.dim.api.Ids;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Aggregator;
import io.powernode.dim.spi.Aggregator.Aggregate;
import io.powernode.dim.spi.Aggregator.Input;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Aggregator} must do. Extend it, and say how to create an aggregator and a
 * reduction that goes with it.
 */
public abstract class AggregatorContract {
  private static final int NODES = 7;
  private static final double TOLERANCE = 1e-9;

  /** For subclasses. */
  protected AggregatorContract() {}

  /** The aggregator. */
  protected abstract Aggregator create();

  /** A reduction whose partials the aggregator takes. */
  protected abstract Reduction reduction();

  /** The job's options of the method. */
  protected Options options() {
    return Options.none();
  }

  /**
   * A partial of the reduction, drawn at random; two FP64 tensors unless overridden. All of a test
   * must have the same names, types and shapes.
   */
  protected Partial partial(RandomGenerator random) {
    double[] matrix = random.doubles(4, -10, 10).toArray();
    return new Partial(
        Map.of("risk", Tensor.scalar(random.nextDouble()), "odds", Tensor.ofDoubles(matrix, 2, 2)),
        random.nextInt(1, 1000));
  }

  @Test
  void name_always_isAnIdentifier() {
    assertThat(Ids.isValid(create().name())).isTrue();
    assertThat(create().reductions()).contains(reduction().name());
  }

  @Test
  void aggregate_ofOneContribution_returnsIt() {
    Input only = inputs(3).get(0);
    Aggregate aggregate = aggregate(List.of(only));
    assertClose(aggregate.value(), only.partial());
    assertThat(aggregate.value().samples()).isEqualTo(only.partial().samples());
    assertThat(aggregate.shares()).containsOnlyKeys(only.nodeId());
    assertThat(aggregate.shares().get(only.nodeId())).isCloseTo(1, within(TOLERANCE));
    assertThat(aggregate.rejected()).isEmpty();
  }

  @Test
  void aggregate_ofMany_accountsForEachNode() {
    for (long seed = 0; seed < 20; seed++) {
      List<Input> inputs = inputs(seed);
      Aggregate aggregate = aggregate(inputs);
      Set<String> accounted = new HashSet<>(aggregate.shares().keySet());
      assertThat(Collections.disjoint(accounted, aggregate.rejected().keySet())).isTrue();
      accounted.addAll(aggregate.rejected().keySet());
      assertThat(accounted)
          .containsExactlyInAnyOrderElementsOf(inputs.stream().map(Input::nodeId).toList());
      assertThat(aggregate.shares().values()).allMatch(share -> share >= 0 && share <= 1);
      assertThat(aggregate.shares().values().stream().mapToDouble(s -> s).sum())
          .as("shares")
          .isCloseTo(1, within(TOLERANCE));
      assertThat(aggregate.value().samples()).isPositive();
    }
  }

  @Test
  void aggregate_ofTheSameInputs_isTheSameToTheBit() {
    assertThat(aggregate(inputs(5))).isEqualTo(aggregate(inputs(5)));
  }

  @Test
  void aggregate_whenNodesSwapTheirContributions_isTheSameUpToRounding() {
    for (long seed = 0; seed < 20; seed++) {
      List<Input> inputs = inputs(seed);
      List<Input> swapped = new ArrayList<>();
      for (int i = 0; i < NODES; i++) {
        Input other = inputs.get((i + 3) % NODES);
        swapped.add(new Input(inputs.get(i).nodeId(), other.partial(), other.weight()));
      }
      Aggregate first = aggregate(inputs);
      Aggregate second = aggregate(swapped);
      assertClose(second.value(), first.value());
      for (int i = 0; i < NODES; i++) {
        assertThat(second.shares().getOrDefault(inputs.get(i).nodeId(), 0.0))
            .isCloseTo(
                first.shares().getOrDefault(inputs.get((i + 3) % NODES).nodeId(), 0.0),
                within(TOLERANCE));
      }
    }
  }

  @Test
  void option_thatIsUnknown_isRefusedByName() {
    Violations violations = Violations.none();
    create().validate(options().with("no-such-option", 1), violations);
    assertThat(violations.has("no-such-option")).isTrue();
  }

  @Test
  void options_ofTheJob_areAccepted() {
    Violations violations = Violations.none();
    create().validate(options(), violations);
    assertThat(violations.list()).isEmpty();
  }

  private Aggregate aggregate(List<Input> inputs) {
    return create().aggregate(inputs, reduction(), options());
  }

  private List<Input> inputs(long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    List<Input> inputs = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      inputs.add(new Input("node-" + i, partial(random), random.nextDouble(0.1, 1)));
    }
    return inputs;
  }

  private static void assertClose(Partial actual, Partial expected) {
    TensorAssert.assertClose(actual.values(), expected.values(), TOLERANCE, "aggregate");
  }
}
