package io.powernode.dim.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.NodeLoad;
import io.powernode.dim.api.NodeProfile;
import io.powernode.dim.spi.Effect;
import io.powernode.dim.spi.NodeEndpoint;
import io.powernode.dim.spi.NodeListener;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.spi.TaskId;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class InProcessTransportTest {
  private static final TaskEnvelope TASK =
      new TaskEnvelope(
          new TaskId("j", "s", 1, Digest.of(new byte[0])),
          1,
          new TaskEnvelope.Requester("ann", Optional.empty()),
          new TaskEnvelope.Work.Action("book"),
          new TaskInput.Tensors(Map.of()),
          Optional.empty(),
          Effect.PURE);

  private final ManualEnvironment environment = new ManualEnvironment();
  private final InProcessTransport transport = new InProcessTransport(environment);
  private final List<String> heard = new ArrayList<>();

  private void connect() {
    transport.connect(
        new NodeListener() {
          @Override
          public void joined(NodeProfile profile, NodeLoad load) {
            heard.add("joined " + profile.nodeId());
          }

          @Override
          public void heartbeat(String nodeId, NodeLoad load) {
            heard.add("beat " + nodeId);
          }

          @Override
          public void lost(String nodeId) {
            heard.add("lost " + nodeId);
          }
        },
        digest -> InputStream.nullInputStream());
  }

  @Test
  void heartbeat_oneNodeThrows_othersAreHeardAgainAndAgain() {
    transport.add(new Moody());
    transport.add(new EchoNode("n2"));
    connect();
    environment.advance(InProcessTransport.HEARTBEAT.multipliedBy(2));

    assertThat(heard).containsExactly("joined n1", "joined n2", "beat n2", "beat n2");
  }

  @Test
  void remove_taskUnderWay_isLostAtOnce() {
    transport.add(new EchoNode("n1", call -> new CompletableFuture<>()));
    connect();
    CompletableFuture<TaskResult> answer =
        transport.call("n1", TASK, Duration.ofSeconds(9)).toCompletableFuture();
    transport.remove("n1");

    assertThat(answer)
        .isCompletedWithValueMatching(
            result ->
                result instanceof TaskResult.Failure failure
                    && failure.error().code() == ErrorCode.NODE_LOST);
    assertThat(heard).containsExactly("joined n1", "lost n1");
  }

  @Test
  void add_afterConnect_isIntroduced() {
    connect();
    transport.add(new EchoNode("n1"));

    assertThat(heard).containsExactly("joined n1");
  }

  /** Says how busy it is only when it joins. */
  private static final class Moody implements NodeEndpoint {
    private final EchoNode node = new EchoNode("n1");
    private boolean asked;

    @Override
    public NodeProfile profile() {
      return node.profile();
    }

    @Override
    public NodeLoad load() {
      if (asked) {
        throw new IllegalStateException("not now");
      }
      asked = true;
      return NodeLoad.idle();
    }

    @Override
    public CompletionStage<TaskResult> execute(TaskEnvelope task, Duration deadline) {
      return node.execute(task, deadline);
    }

    @Override
    public void cancel(TaskId task, long epoch) {}

    @Override
    public void acknowledge(TaskId task) {}
  }
}
