package io.powernode.dim.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.core.InMemoryModelRegistry;
import io.powernode.dim.core.InProcessTransport;
import io.powernode.dim.core.WeightedNodeSelector;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.ModelRegistry;
import io.powernode.dim.spi.NodeAction;
import io.powernode.dim.spi.NodeEndpoint;
import io.powernode.dim.spi.NodeSelector;
import io.powernode.dim.spi.NodeTransport;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskEnvelope.Work;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nodes, transports, selectors, registries and actions with one fault each are found out. */
class NodeContractFaultsTest {
  private final Environment environment = Environment.system();
  private final AtomicInteger done = new AtomicInteger();

  @AfterEach
  void close() {
    environment.close();
  }

  @Test
  void nodes_withAFault_areFoundOut() {
    assertThat(nodeFailures((node, task) -> task)).isEmpty();
    AtomicInteger attempts = new AtomicInteger();
    assertThat(
            nodeFailures(
                (node, task) ->
                    with(task, task.epoch(), task.id().step() + attempts.incrementAndGet())))
        .contains("execute_ofTheSameIdentity_answersWhatWasKept");
    AtomicLong epochs = new AtomicLong();
    assertThat(nodeFailures((node, task) -> with(task, epochs.incrementAndGet(), task.id().step())))
        .containsExactly(
            "cancel_underAHigherEpochThanSeen_fencesTheEarlierOwner",
            "execute_underALowerEpochThanSeen_isFenced");
    assertThat(nodeFailures((node, task) -> withoutUndoing(task)))
        .containsExactly("execute_ofAnActionAfterItsUndoing_isRefused");
  }

  private List<String> nodeFailures(BiFunction<NodeEndpoint, TaskEnvelope, TaskEnvelope> fault) {
    return ContractRun.failures(
        () ->
            new NodeEndpointContract() {
              @Override
              protected NodeEndpoint create() {
                done.set(0);
                Reply reply =
                    Reply.answer(
                        task -> {
                          done.incrementAndGet();
                          return Map.of("y", Tensor.scalar(1.0));
                        });
                FakeNode node =
                    new FakeNode(SampleTasks.profile("n1"), environment)
                        .on("m", reply)
                        .on("book", Reply.answer(Map.of()));
                return new Changed(node, task -> fault.apply(node, task));
              }

              @Override
              protected Work work() {
                return new Work.Model(FakeModels.model("m"));
              }

              @Override
              protected Optional<Work.Action> action() {
                return Optional.of(new Work.Action("book"));
              }

              @Override
              protected TaskInput input() {
                return new TaskInput.Tensors(Map.of());
              }

              @Override
              protected int timesDone() {
                return done.get();
              }
            });
  }

  @Test
  void transports_withAFault_areFoundOut() {
    assertThat(transportFailures(task -> task, true)).isEmpty();
    assertThat(transportFailures(task -> with(task, 1, task.id().step()), true))
        .containsExactly(
            "call_always_reachesOnlyItsNodeWithTheWholeTask",
            "call_whoseRowsStay_bringsTheirHandleAndFormAndReleaseReachesTheNode",
            "cancel_underAnOlderEpoch_leavesTheTaskRunning");
    assertThat(transportFailures(task -> task, false))
        .containsExactly("acknowledge_ofAnAnswer_reachesTheNodeBeforeTheNextTask");
  }

  private List<String> transportFailures(UnaryOperator<TaskEnvelope> fault, boolean acknowledges) {
    return ContractRun.failures(
        () ->
            new NodeTransportContract() {
              @Override
              protected NodeTransport create(List<NodeEndpoint> nodes) {
                InProcessTransport transport = new InProcessTransport(environment);
                for (NodeEndpoint node : nodes) {
                  transport.add(acknowledges ? new Changed(node, fault) : new Deaf(node));
                }
                return transport;
              }
            });
  }

  @Test
  void selectors_withAFault_areFoundOut() {
    NodeSelector good = new WeightedNodeSelector();
    assertThat(selectorFailures(good)).isEmpty();
    assertThat(
            selectorFailures(
                (needs, nodes, exclude, random) -> good.select(needs, nodes, Set.of(), random)))
        .containsExactly("select_withExcludedNodes_choosesOthers");
    AtomicLong seed = new AtomicLong();
    assertThat(
            selectorFailures(
                (needs, nodes, exclude, random) ->
                    good.select(
                        needs, nodes, exclude, new SplittableRandom(seed.incrementAndGet()))))
        .containsExactly("select_withTheSameSeed_choosesTheSame");
    assertThat(
            selectorFailures(
                (needs, nodes, exclude, random) ->
                    new NodeSelector.Selection(
                        nodes.all().subList(0, Math.min(1, nodes.all().size())), Map.of())))
        .contains("select_byAnyRequirement_choosesOnlyEligibleNodes");
  }

  private static List<String> selectorFailures(NodeSelector selector) {
    return ContractRun.failures(
        () ->
            new NodeSelectorContract() {
              @Override
              protected NodeSelector create() {
                return selector;
              }
            });
  }

  @Test
  void registry_thatKeepsTheFirst_isFoundOut() {
    class KeepsTheFirst implements ModelRegistry {
      private final ModelRegistry models = new InMemoryModelRegistry();

      @Override
      public Optional<ModelDescriptor> find(String id) {
        return models.find(id);
      }

      @Override
      public List<ModelDescriptor> all() {
        return models.all();
      }

      @Override
      public void register(ModelDescriptor model) {
        if (find(model.id()).isEmpty()) {
          models.register(model);
        }
      }
    }
    assertThat(
            ContractRun.failures(
                () ->
                    new ModelRegistryContract() {
                      @Override
                      protected ModelRegistry create() {
                        return new KeepsTheFirst();
                      }
                    }))
        .containsExactly("register_ofTheSameId_replacesTheModel");
  }

  @Test
  void actions_withAFault_areFoundOut() {
    assertThat(actionFailures((key, done) -> key)).isEmpty();
    assertThat(actionFailures((key, done) -> key + done))
        .contains("perform_underTheSameKey_happensOnceAndAnswersTheSame");
    assertThat(actionFailures((key, done) -> "one"))
        .containsExactly("perform_underAnotherKey_happensAgain");
  }

  private static List<String> actionFailures(BiFunction<String, Integer, String> keys) {
    return ContractRun.failures(
        () ->
            new NodeActionContract() {
              private final Counting action = new Counting(keys);

              @Override
              protected NodeAction create() {
                return action;
              }

              @Override
              protected Map<String, Tensor> input() {
                return Map.of();
              }

              @Override
              protected int timesDone() {
                return action.done.get();
              }
            });
  }

  /** Counts under keys that it makes of those it is given. */
  private static final class Counting implements NodeAction {
    private final BiFunction<String, Integer, String> keys;
    private final AtomicInteger done = new AtomicInteger();
    private final Map<String, Map<String, Tensor>> answers = new ConcurrentHashMap<>();

    Counting(BiFunction<String, Integer, String> keys) {
      this.keys = keys;
    }

    @Override
    public String name() {
      return "book";
    }

    @Override
    public Map<String, Tensor> perform(Map<String, Tensor> input, String key) {
      return answers.computeIfAbsent(
          keys.apply(key, done.get()),
          k -> Map.of("n", Tensor.scalar((long) done.incrementAndGet())));
    }
  }

  private static TaskEnvelope with(TaskEnvelope task, long epoch, String step) {
    TaskId id = task.id();
    return new TaskEnvelope(
        new TaskId(id.jobId(), step, id.attempt(), id.inputDigest()),
        epoch,
        task.requester(),
        task.work(),
        task.input(),
        task.reduction(),
        task.effect());
  }

  private static TaskEnvelope withoutUndoing(TaskEnvelope task) {
    return task.work() instanceof Work.Action action
        ? new TaskEnvelope(
            task.id(),
            task.epoch(),
            task.requester(),
            new Work.Action(action.name()),
            task.input(),
            task.reduction(),
            task.effect())
        : task;
  }

  /** A node that gets another task than was sent. */
  private static class Changed extends ForwardingNode {
    private final UnaryOperator<TaskEnvelope> change;

    Changed(NodeEndpoint node, UnaryOperator<TaskEnvelope> change) {
      super(node);
      this.change = change;
    }

    @Override
    public CompletionStage<TaskResult> execute(TaskEnvelope task, Duration deadline) {
      return super.execute(change.apply(task), deadline);
    }
  }

  /** A node that no acknowledgement reaches. */
  private static final class Deaf extends ForwardingNode {
    Deaf(NodeEndpoint node) {
      super(node);
    }

    @Override
    public void acknowledge(TaskId task) {}
  }
}
