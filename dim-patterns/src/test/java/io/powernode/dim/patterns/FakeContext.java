package io.powernode.dim.patterns;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.NodeRecord;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.ReviewRequest;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Block;
import io.powernode.dim.spi.BlockOutcome;
import io.powernode.dim.spi.Catalog;
import io.powernode.dim.spi.Effect;
import io.powernode.dim.spi.NodeRequirements;
import io.powernode.dim.spi.NodeSet;
import io.powernode.dim.spi.PatternContext;
import io.powernode.dim.spi.PatternEngine;
import io.powernode.dim.spi.PatternResult;
import io.powernode.dim.spi.RollbackOutcome;
import io.powernode.dim.spi.Task;
import io.powernode.dim.spi.TaskInput;
import io.powernode.dim.spi.TaskResult;
import io.powernode.dim.spi.TaskResults;
import io.powernode.dim.spi.Until;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A context with a journal in a map. What tasks answer is a function; a task for which it answers
 * nothing hangs. One {@link Journal} outlives several contexts, as after a crash.
 */
final class FakeContext implements PatternContext {
  /** What is durable, and what was sent. */
  static final class Journal {
    final Map<String, Object> entries = new LinkedHashMap<>();
    final List<String> sent = new ArrayList<>();
    final Map<String, Integer> effects = new LinkedHashMap<>();
  }

  private record Undo(String undoes, Task compensation) {}

  final Journal journal;
  final List<String> progress = new ArrayList<>();
  final Map<String, NodeRequirements> asked = new LinkedHashMap<>();
  final Map<String, Task> tasks = new LinkedHashMap<>();
  private final FakeCatalog catalog;
  private final Function<Task, Optional<TaskResult>> nodes;
  private final Map<String, Tensor> input;
  private final String prefix;
  private final Set<String> used;
  private final Deque<Undo> undos;
  private UnaryOperator<List<Task>> arrival = UnaryOperator.identity();
  final Map<String, ReviewRequest> reviews;
  private final Deque<ReviewAnswer> answers;
  private Set<String> ineligible = Set.of();
  private String stopAt = "";

  FakeContext(
      Journal journal,
      FakeCatalog catalog,
      Map<String, Tensor> input,
      Function<Task, Optional<TaskResult>> nodes) {
    this.journal = journal;
    this.catalog = catalog;
    this.input = input;
    this.nodes = nodes;
    this.prefix = "";
    this.used = new HashSet<>();
    this.undos = new ArrayDeque<>();
    this.reviews = new LinkedHashMap<>();
    this.answers = new ArrayDeque<>();
  }

  private FakeContext(FakeContext outer, String prefix, Map<String, Tensor> input) {
    this.journal = outer.journal;
    this.catalog = outer.catalog;
    this.input = input;
    this.nodes = outer.nodes;
    this.prefix = prefix;
    this.used = outer.used;
    this.undos = outer.undos;
    this.reviews = outer.reviews;
    this.answers = outer.answers;
    this.stopAt = outer.stopAt;
  }

  static FakeContext of(FakeCatalog catalog, Function<Task, Optional<TaskResult>> nodes) {
    return new FakeContext(new Journal(), catalog, Map.of(), nodes);
  }

  FakeContext arriving(UnaryOperator<List<Task>> order) {
    arrival = order;
    return this;
  }

  /** Answers the reviews that are asked for, in this order; none is there after that. */
  FakeContext reviewed(ReviewAnswer... inOrder) {
    answers.addAll(List.of(inOrder));
    return this;
  }

  FakeContext ineligible(String... ids) {
    ineligible = Set.of(ids);
    return this;
  }

  /** Cancels the job when this step is about to run. */
  FakeContext cancelledAt(String step) {
    stopAt = step;
    return this;
  }

  /** The review that was asked for last. */
  Optional<ReviewRequest> requested() {
    return reviews.values().stream().reduce((earlier, last) -> last);
  }

  static TaskResult failure(String node, ErrorCode code, String message) {
    return TaskResult.failure(node, ErrorInfo.of(code, message), 1);
  }

  /** Where a task is pinned; "anywhere" otherwise. */
  static String nodeOf(Task task) {
    return task.placement() instanceof Task.Placement.OnNode pinned ? pinned.nodeId() : "anywhere";
  }

  @Override
  public String jobId() {
    return "job-1";
  }

  @Override
  public Map<String, Tensor> inputData() {
    return input;
  }

  @Override
  public Catalog catalog() {
    return catalog;
  }

  @Override
  public NodeSet nodes(String step, NodeRequirements requirements) {
    asked.put(step, requirements);
    return recorded(step, () -> choose(requirements));
  }

  private NodeSet choose(NodeRequirements requirements) {
    List<String> wanted =
        requirements.nodes().isEmpty()
            ? List.copyOf(catalog.nodes().keySet())
            : requirements.nodes();
    List<String> chosen =
        wanted.stream()
            .filter(id -> !ineligible.contains(id) && catalog.nodes().containsKey(id))
            .limit(requirements.count().atMost())
            .toList();
    if (chosen.size() < requirements.count().atLeast()) {
      throw new DimException(ErrorCode.NO_ELIGIBLE_NODE, "no eligible node");
    }
    Map<String, Double> reputations = new HashMap<>();
    for (String id : chosen) {
      NodeRecord node = catalog.nodes().get(id);
      reputations.put(id, node.reputation());
    }
    return new NodeSet(chosen, reputations);
  }

  @Override
  public TaskResult run(Task task) {
    if ((prefix + task.step()).equals(stopAt)) {
      throw new DimException(ErrorCode.CANCELLED, "the job was cancelled");
    }
    return recorded(task.step(), () -> send(task).orElseThrow());
  }

  private Optional<TaskResult> send(Task task) {
    Task resolved = task.step(prefix + task.step());
    if (task.input() instanceof TaskInput.OutputOf source) {
      Object answer = journal.entries.get(prefix + source.step());
      resolved =
          resolved.input(
              new TaskInput.Tensors(
                  answer instanceof TaskResult.Success success ? success.outputs() : Map.of()));
    }
    tasks.put(resolved.step(), resolved);
    journal.sent.add(resolved.step());
    if (task.effect() == Effect.EFFECTFUL) {
      journal.effects.merge(resolved.step(), 1, Integer::sum);
    }
    return nodes.apply(resolved);
  }

  @Override
  public TaskResults runAll(String step, List<Task> all, Until until) {
    all.forEach(task -> claim(task.step()));
    return recorded(step, () -> runSideBySide(all, until));
  }

  private TaskResults runSideBySide(List<Task> all, Until until) {
    Map<String, TaskResult> answers = new LinkedHashMap<>();
    int good = 0;
    for (Task task : arrival.apply(all)) {
      Object known = journal.entries.get(prefix + task.step());
      Optional<TaskResult> result = known == null ? send(task) : Optional.of((TaskResult) known);
      if (result.isPresent()) {
        if (known == null) {
          journal.entries.put(prefix + task.step(), result.get());
        }
        answers.put(task.step(), result.get());
      }
      if (until instanceof Until.Quorum quorum
          && result.orElse(null) instanceof TaskResult.Success success
          && quorum.counts().test(success)) {
        good++;
        if (good >= quorum.successes() && quorum.grace().isZero()) {
          break;
        }
      }
    }
    Map<String, TaskResult> counted = new LinkedHashMap<>();
    List<String> late = new ArrayList<>();
    for (Task task : all) {
      TaskResult answer = answers.get(task.step());
      if (answer == null) {
        late.add(task.step());
      } else {
        counted.put(task.step(), answer);
      }
    }
    return new TaskResults(counted, late);
  }

  @Override
  public BlockOutcome child(String step, Block block) {
    claim(step);
    FakeContext inner = new FakeContext(this, prefix + step + "/", block.inputData());
    PatternEngine<?> engine =
        catalog.find(PatternEngine.class, block.spec().pattern()).orElseThrow();
    PatternResult result;
    try {
      result = execute(engine, block.spec(), inner);
    } catch (DimException e) {
      if (e.code() == ErrorCode.CANCELLED || e.code() == ErrorCode.ENGINE_FAULT) {
        throw e;
      }
      result = PatternResult.failed(e.info());
    }
    tasks.putAll(inner.tasks);
    return new BlockOutcome(result, 0);
  }

  private static <S extends PatternSpec> PatternResult execute(
      PatternEngine<S> engine, PatternSpec spec, PatternContext context) {
    return engine.execute(engine.specType().cast(spec), context);
  }

  @Override
  public Optional<ReviewAnswer> review(String step, ReviewRequest request) {
    claim(step);
    reviews.put(prefix + step, request);
    return Optional.ofNullable(answers.poll());
  }

  @Override
  public <T> T record(String step, Class<T> type, Supplier<T> value) {
    return recorded(step, value);
  }

  @Override
  public void onRollback(String undoes, Task compensation) {
    recorded("undo:" + undoes, () -> compensation.step());
    Task full = compensation.step(prefix + compensation.step());
    undos.push(
        new Undo(
            prefix + undoes,
            full.input() instanceof TaskInput.OutputOf source
                ? full.input(new TaskInput.OutputOf(prefix + source.step()))
                : full));
  }

  @Override
  public List<RollbackOutcome> rollback(String step, Duration limit) {
    return rollback(step, undo -> undo.undoes().startsWith(prefix));
  }

  @Override
  public List<RollbackOutcome> rollback(String step, Set<String> undoes, Duration limit) {
    return rollback(
        step,
        undo ->
            undoes.stream()
                .map(name -> prefix + name)
                .anyMatch(
                    full -> undo.undoes().equals(full) || undo.undoes().startsWith(full + "/")));
  }

  private List<RollbackOutcome> rollback(String step, Predicate<Undo> which) {
    claim(step);
    List<RollbackOutcome> outcomes = new ArrayList<>();
    FakeContext top = new FakeContext(this, "", input);
    for (Undo undo : List.copyOf(undos)) {
      if (!which.test(undo)) {
        continue;
      }
      undos.remove(undo);
      Object answer = journal.entries.get(undo.undoes());
      boolean mayHaveHappened =
          answer instanceof TaskResult.Success || journal.effects.containsKey(undo.undoes());
      if (mayHaveHappened) {
        outcomes.add(
            new RollbackOutcome(
                undo.undoes().substring(prefix.length()),
                undo.compensation().step().substring(prefix.length()),
                undo.compensation().work().label(),
                top.run(undo.compensation())));
      }
    }
    tasks.putAll(top.tasks);
    return Collections.unmodifiableList(outcomes);
  }

  @Override
  public void progress(int done, int total) {
    progress.add(done + "/" + total);
  }

  @SuppressWarnings("unchecked")
  private <T> T recorded(String step, Supplier<T> value) {
    claim(step);
    Object known = journal.entries.get(prefix + step);
    if (known != null) {
      return (T) known;
    }
    T fresh = value.get();
    journal.entries.put(prefix + step, fresh);
    return fresh;
  }

  private void claim(String step) {
    if (!used.add(prefix + step)) {
      throw new DimException(ErrorCode.ENGINE_FAULT, "step " + step + " is used twice");
    }
  }
}
