package io.powernode.dim.core;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.PatternSpec;
import io.powernode.dim.api.ReviewRequest;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.Block;
import io.powernode.dim.spi.BlockOutcome;
import io.powernode.dim.spi.Catalog;
import io.powernode.dim.spi.NodeRequirements;
import io.powernode.dim.spi.NodeSelector.Selection;
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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The context of one scope of a job: the job itself, or one nested pattern. Looks into the journal
 * before it asks whether the job goes on, so that the engine of a stopped job can still tell its
 * trace.
 */
final class EngineContext implements PatternContext {
  /** Errors that no part of a job can have for itself. */
  private static final Set<ErrorCode> PASSES_THROUGH =
      EnumSet.of(
          ErrorCode.ENGINE_FAULT, ErrorCode.FENCED, ErrorCode.CONFLICT, ErrorCode.UNAVAILABLE);

  private final Execution execution;
  private final String prefix;
  private final int depth;
  private final Map<String, Tensor> inputData;
  private final Deadline deadline;
  private final Set<String> children = new HashSet<>();
  private long spentMs;

  EngineContext(Execution execution) {
    this(execution, "", 0, execution.run().record().spec().inputData(), execution.deadline());
  }

  private EngineContext(
      Execution execution,
      String prefix,
      int depth,
      Map<String, Tensor> inputData,
      Deadline deadline) {
    this.execution = execution;
    this.prefix = prefix;
    this.depth = depth;
    this.inputData = inputData;
    this.deadline = deadline;
  }

  @Override
  public String jobId() {
    return execution.jobId();
  }

  @Override
  public Map<String, Tensor> inputData() {
    return inputData;
  }

  @Override
  public Catalog catalog() {
    return execution.catalog();
  }

  @Override
  public NodeSet nodes(String step, NodeRequirements requirements) {
    String key = claim(step);
    Digest request = digest("nodes", requirements.toString());
    Fact.Nodes chosen =
        execution
            .journal()
            .find(key, request, Fact.Nodes.class)
            .orElseGet(
                () -> {
                  requireNew(key);
                  Fact.Nodes fact = choose(requirements);
                  execution.journal().append(key, request, fact);
                  return fact;
                });
    chosen
        .refusal()
        .ifPresent(
            error -> {
              throw new DimException(error);
            });
    return chosen.chosen();
  }

  @Override
  public TaskResult run(Task task) {
    PreparedTask prepared = execution.prepare(claim(task.step()), prefix, task);
    TaskResult result =
        execution
            .journal()
            .find(prepared.key(), prepared.request(), Fact.Answer.class)
            .map(Fact.Answer::result)
            .orElseGet(() -> send(prepared));
    spentMs += result.durationMs();
    return result;
  }

  private TaskResult send(PreparedTask task) {
    requireNew(task.key());
    return execution.await(execution.execution(task, deadline).start());
  }

  @Override
  public TaskResults runAll(String step, List<Task> tasks, Until until) {
    String key = claim(step);
    Map<String, PreparedTask> prepared = new LinkedHashMap<>();
    for (Task task : tasks) {
      String taskKey = claim(task.step());
      prepared.put(taskKey, execution.prepare(taskKey, prefix, task));
    }
    Digest request = digest("group", String.join("\n", prepared.keySet()));
    Optional<Fact.Group> known = execution.journal().find(key, request, Fact.Group.class);
    if (prepared.isEmpty()) {
      return new TaskResults(Map.of(), List.of());
    }
    TaskGroup group = new TaskGroup(execution.environment(), until, List.copyOf(prepared.keySet()));
    List<PreparedTask> missing = new ArrayList<>();
    Map<String, TaskResult> answers = new LinkedHashMap<>();
    for (PreparedTask task : prepared.values()) {
      execution
          .journal()
          .find(task.key(), task.request(), Fact.Answer.class)
          .ifPresentOrElse(
              answer -> answers.put(task.key(), answer.result()), () -> missing.add(task));
    }
    if (known.isPresent()) {
      answers.keySet().retainAll(known.get().counted());
      return results(known.get(), answers);
    }
    requireNew(key);
    answers.forEach(group::ended);
    missing.forEach(task -> group.start(task.key(), execution.execution(task, deadline)));
    Fact.Group decided = execution.await(group.decided());
    execution.journal().append(key, request, decided);
    return results(decided, group.answers(decided));
  }

  @Override
  public BlockOutcome child(String step, Block block) {
    String key = claim(step);
    children.add(key);
    if (depth >= PatternSpec.MAX_NESTING) {
      throw fault(step, "patterns nest deeper than " + PatternSpec.MAX_NESTING);
    }
    String pattern = block.spec().pattern();
    PatternEngine<?> engine =
        execution
            .plugins()
            .engine(pattern)
            .orElseThrow(() -> fault(step, "there is no engine for pattern " + pattern));
    EngineContext inner =
        new EngineContext(
            execution,
            key + "/",
            depth + 1,
            block.inputData(),
            deadline.within(block.timeout(), execution.environment()));
    PatternResult result = inner.result(engine, block.spec());
    if (result == null) {
      throw fault(step, "the engine of pattern " + pattern + " answered nothing");
    }
    spentMs += inner.spentMs;
    return new BlockOutcome(result, inner.spentMs);
  }

  /** What an engine has against its data is its result; what stops the job passes through it. */
  private PatternResult result(PatternEngine<?> engine, PatternSpec spec) {
    try {
      return execute(engine, spec, this);
    } catch (DimException e) {
      if (execution.stop().reason().isPresent() || PASSES_THROUGH.contains(e.code())) {
        throw e;
      }
      return PatternResult.failed(e.info());
    }
  }

  /** Runs an engine whose specification type is only known at run time. */
  static <S extends PatternSpec> PatternResult execute(
      PatternEngine<S> engine, PatternSpec spec, PatternContext context) {
    return engine.execute(engine.specType().cast(spec), context);
  }

  @Override
  public Optional<ReviewAnswer> review(String step, ReviewRequest request) {
    String key = claim(step);
    List<String> rows = request.items().stream().map(ReviewRequest.Item::row).toList();
    Digest asked = digest("review", request.labels() + "\n" + rows);
    Optional<ReviewAnswer> answer =
        execution.journal().find(key, asked, Fact.Reviewed.class).map(Fact.Reviewed::answer);
    if (answer.isEmpty()) {
      requireNew(key);
      execution.askFor(new JobRecord.PendingReview(key, request, asked, request.limit()));
    }
    return answer;
  }

  @Override
  public <T> T record(String step, Class<T> type, Supplier<T> value) {
    String key = claim(step);
    Digest request = digest("record", type.getName());
    return execution
        .journal()
        .find(key, request, Fact.Noted.class)
        .map(noted -> execution.json().read(type, noted.json()))
        .orElseGet(
            () -> {
              requireNew(key);
              T fresh = value.get();
              if (fresh == null) {
                throw fault(step, "the value to record is null; allowed: a value");
              }
              String json = execution.json().write(fresh);
              execution.journal().append(key, request, new Fact.Noted(json));
              return fresh;
            });
  }

  @Override
  public void onRollback(String undoes, Task compensation) {
    String key = claim("undo:" + undoes);
    claim(compensation.step());
    Task full = inFull(compensation);
    Digest request = digest("undo", full.step() + "\n" + full.work());
    if (execution.journal().find(key, request, Fact.Undo.class).isEmpty()) {
      requireNew(key);
      int order = execution.journal().undoCount();
      execution.journal().append(key, request, new Fact.Undo(order, prefix + undoes, full));
    }
  }

  @Override
  public List<RollbackOutcome> rollback(String step, Duration limit) {
    return execution.compensations().run(claim(step), prefix, undo -> true, limit);
  }

  @Override
  public List<RollbackOutcome> rollback(String step, Set<String> undoes, Duration limit) {
    Set<String> full = new HashSet<>();
    undoes.forEach(undone -> full.add(prefix + undone));
    List<String> scopes =
        children.stream().filter(full::contains).map(child -> child + "/").toList();
    return execution
        .compensations()
        .run(
            claim(step),
            prefix,
            undo ->
                full.contains(undo.undoes()) || scopes.stream().anyMatch(undo.undoes()::startsWith),
            limit);
  }

  @Override
  public void progress(int done, int total) {
    if (depth == 0) {
      execution.run().progress(done, total);
    }
  }

  /** Takes a step name of this scope; answers the full one. */
  private String claim(String step) {
    return execution.claim(prefix + step);
  }

  /** Before something is done that the journal does not have. */
  private void requireNew(String key) {
    execution.stop().requireGoing();
    execution.journal().requireAllAsked(key);
  }

  /** A compensation may run in another scope than the one that registered it. */
  private Task inFull(Task compensation) {
    Task full = compensation.step(prefix + compensation.step());
    return full.input() instanceof TaskInput.OutputOf source
        ? full.input(new TaskInput.OutputOf(prefix + source.step()))
        : full;
  }

  private Fact.Nodes choose(NodeRequirements requirements) {
    try {
      Selection selection = execution.dispatcher().choose(requirements, Set.of());
      List<String> ids = new ArrayList<>();
      Map<String, Double> reputations = new LinkedHashMap<>();
      selection
          .chosen()
          .forEach(
              node -> {
                ids.add(node.nodeId());
                reputations.put(node.nodeId(), node.reputation());
              });
      return new Fact.Nodes(new NodeSet(ids, reputations), Optional.empty());
    } catch (DimException refusal) {
      return new Fact.Nodes(new NodeSet(List.of(), Map.of()), Optional.of(refusal.info()));
    }
  }

  private TaskResults results(Fact.Group group, Map<String, TaskResult> byKey) {
    Map<String, TaskResult> counted = new LinkedHashMap<>();
    group.counted().forEach(key -> counted.put(key.substring(prefix.length()), byKey.get(key)));
    spentMs += counted.values().stream().mapToLong(TaskResult::durationMs).max().orElse(0);
    List<String> late = group.late().stream().map(key -> key.substring(prefix.length())).toList();
    return new TaskResults(counted, late);
  }

  private DimException fault(String step, String problem) {
    return new DimException(
        ErrorInfo.of(ErrorCode.ENGINE_FAULT, "step " + prefix + step + ": " + problem)
            .about("job", jobId()));
  }

  private static Digest digest(String kind, String asked) {
    return Digest.of((kind + "\n" + asked).getBytes(StandardCharsets.UTF_8));
  }
}
