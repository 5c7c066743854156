package io.powernode.dim.patterns.simulation;

import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.TaskEnvelope;
import io.powernode.dim.testkit.FakeModels;
import io.powernode.dim.testkit.FakeNode;
import io.powernode.dim.testkit.FakeProfile;
import io.powernode.dim.testkit.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Draws nodes that work, fail, hang, lie and vanish. */
public class RandomNodes {
  static final int ROWS = 5;

  /** So slow that what an owner asked for goes on when it is dead and a later one has come. */
  private static final int MUCH_SLOWER = 100;

  private final RandomGenerator random;
  private final Environment environment;
  private final int mostReplies;
  private final int outOf;
  private final int longestMillis;

  RandomNodes(RandomGenerator random, Environment environment) {
    this(random, environment, 4, 16, 300);
  }

  /**
   * Nodes that use this environment.
   *
   * @param mostReplies how many different ones to a kind of task there are; the last goes on for
   *     ever
   * @param outOf of so many replies about ten are faulty, and one is slow
   * @param longestMillis before which every other reply comes that does come
   */
  public RandomNodes(
      RandomGenerator random,
      Environment environment,
      int mostReplies,
      int outOf,
      int longestMillis) {
    this.random = random;
    this.environment = environment;
    this.mostReplies = mostReplies;
    this.outOf = outOf;
    this.longestMillis = longestMillis;
  }

  /** What a node that tells the truth answers with model {@code m0}. */
  static double truth(int number) {
    return 10 * (number + 1);
  }

  /** The node {@code n0}, {@code n1} and so on. */
  public final FakeNode node(int number) {
    FakeNode node =
        new FakeNode(
            FakeProfile.of("n" + number)
                .dataSet("patients", "medical", ROWS + number)
                .formats(FakeModels.FORMAT)
                .actions("book", "unbook")
                .build(),
            environment);
    node.on("m0", replies(Map.of("y", Tensor.ofDoubles(new double[] {truth(number)}))));
    for (String voter : List.of("m1", "m2", "m3")) {
      node.on(voter, replies(votes(ROWS + number)));
    }
    for (String model : List.of("m4", "m5")) {
      node.on(model, replies(Map.of("y", Tensor.ofDoubles(new double[] {3, 4}))));
    }
    for (String action : List.of("book", "unbook")) {
      node.on(action, replies(this::act));
    }
    return node;
  }

  /** What an action does and answers, when it is not a faulty one. */
  protected Map<String, Tensor> act(TaskEnvelope task) {
    return Map.of("done", Tensor.ofBooleans(new boolean[] {true}));
  }

  private Map<String, Tensor> votes(int rows) {
    List<String> ids = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      ids.add("row" + i);
      labels.add(random.nextInt(4) == 0 ? "" : random.nextBoolean() ? "yes" : "no");
    }
    return Map.of("row_ids", Tensor.ofStrings(ids), "labels", Tensor.ofStrings(labels));
  }

  private Reply[] replies(Map<String, Tensor> honest) {
    return replies(task -> honest);
  }

  private Reply[] replies(Function<TaskEnvelope, Map<String, Tensor>> honest) {
    Reply[] replies = new Reply[1 + random.nextInt(mostReplies)];
    for (int i = 0; i < replies.length; i++) {
      int slow = random.nextInt(outOf) == 0 ? MUCH_SLOWER : 1;
      replies[i] = reply(honest).after(Duration.ofMillis(slow * random.nextInt(longestMillis)));
    }
    return replies;
  }

  private Reply reply(Function<TaskEnvelope, Map<String, Tensor>> honest) {
    Reply answer = Reply.answer(honest);
    return switch (random.nextInt(outOf)) {
      case 0 -> Reply.fail(ErrorCode.NODE_LOST);
      case 1 -> Reply.fail(ErrorCode.OVERLOADED);
      case 2 -> Reply.fail(ErrorCode.INFERENCE_FAILED);
      case 3 -> Reply.fail(ErrorCode.POLICY_DENIED);
      case 4 -> Reply.hang();
      case 5 -> random.nextInt(4) == 0 ? Reply.vanish() : answer;
      case 6 -> answer.withNaN();
      case 7 -> answer.misshapen();
      case 8 -> answer.losingTheAnswer();
      case 9 -> Reply.fail(ErrorCode.ROWS_LOST);
      default -> answer;
    };
  }
}
