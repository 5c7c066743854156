package io.powernode.dim.daemon;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ErrorInfo;
import io.powernode.dim.api.Ids;
import io.powernode.dim.spi.ConditionLanguage;
import io.powernode.dim.spi.DataCabinet;
import io.powernode.dim.spi.Environment;
import io.powernode.dim.spi.ModelLoader;
import io.powernode.dim.spi.Named;
import io.powernode.dim.spi.NodeAction;
import io.powernode.dim.spi.Reduction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;

/**
 * Collects what a node is made of. Every method checks its argument and throws a {@link
 * DimException} with {@link ErrorCode#INVALID_ARGUMENT} naming the field and what is allowed. Not
 * thread-safe.
 */
public final class PowerNodeBuilder {
  private static final int REMEMBERED_ACTIONS = 10_000;

  private final String nodeId;
  private String nodeType = "node";
  private Optional<String> location = Optional.empty();
  private final Map<String, Cabinets.Held> cabinets = new LinkedHashMap<>();
  private final List<ModelLoader> loaders = new ArrayList<>();
  private final Map<String, Reduction> reductions = new LinkedHashMap<>();
  private final Map<String, ConditionLanguage> languages = new LinkedHashMap<>();
  private final Map<String, NodeAction> actions = new LinkedHashMap<>();
  private Optional<Set<Digest>> allowedModels = Optional.empty();
  private final Set<String> codeFormats = new LinkedHashSet<>();
  private Optional<Path> modelFolder = Optional.empty();
  private long modelFolderBytes = 50L << 30;
  private int loadedModels = 16;
  private long loadedModelBytes = 4L << 30;
  private int concurrency = Runtime.getRuntime().availableProcessors();
  private int queue = 1000;
  private int batchRows = 1024;
  private KeptRows.Size keptRows = new KeptRows.Size(256L << 20, Duration.ofHours(1));
  private boolean callerRuns;
  private Optional<Environment> environment = Optional.empty();

  PowerNodeBuilder(String nodeId) {
    this.nodeId = Ids.require("node id", nodeId);
  }

  /** What kind of node it is, as in {@code hospital}; {@code node} unless said. */
  public PowerNodeBuilder type(String type) {
    require(!type.isBlank(), "type", "is blank", "a kind of node");
    nodeType = type;
    return this;
  }

  /** Where it is, in the operator's words; unknown unless said. */
  public PowerNodeBuilder location(String place) {
    require(!place.isBlank(), "location", "is blank", "a place");
    location = Optional.of(place);
    return this;
  }

  /** Registers a cabinet under its descriptor's name, with what its owner allows. */
  public PowerNodeBuilder cabinet(DataCabinet cabinet, CabinetPolicy policy) {
    put(cabinets, "cabinet", cabinet.descriptor().name(), new Cabinets.Held(cabinet, policy));
    return this;
  }

  /** Adds a loader; of several for one format, the first that can be used here is used. */
  public PowerNodeBuilder loader(ModelLoader loader) {
    loaders.add(loader);
    return this;
  }

  /**
   * Adds a reduction; it takes the place of one of the same name that {@link ServiceLoader} finds.
   */
  public PowerNodeBuilder reduction(Reduction reduction) {
    putNamed(reductions, "reduction", reduction);
    return this;
  }

  /**
   * Adds a language of conditions; it takes the place of one of the same name that {@link
   * ServiceLoader} finds.
   */
  public PowerNodeBuilder conditionLanguage(ConditionLanguage language) {
    putNamed(languages, "conditionLanguage", language);
    return this;
  }

  /** Adds an action of the host that tasks may ask for by name. */
  public PowerNodeBuilder action(NodeAction action) {
    putNamed(actions, "action", action);
    return this;
  }

  /**
   * Only these models may run here, on whatever input, besides those allowed before. Unless this is
   * called, any model of the registry may that its descriptor allows to run in process.
   */
  public PowerNodeBuilder allowModels(Digest... digests) {
    Set<Digest> all = new LinkedHashSet<>(allowedModels.orElse(Set.of()));
    all.addAll(List.of(digests));
    allowedModels = Optional.of(Set.copyOf(all));
    return this;
  }

  /**
   * Models in these formats may run here although their files hold code, besides those allowed
   * before: the owner trusts whoever may register models, or names the models with {@link
   * #allowModels}. No such format is allowed unless this is called; see {@link
   * ModelLoader#codeFormats}.
   */
  public PowerNodeBuilder allowCodeFormats(String... formats) {
    codeFormats.addAll(List.of(formats));
    return this;
  }

  /**
   * Where model files are kept, for this node alone; a fresh temporary folder, deleted when the
   * node is closed, unless said.
   */
  public PowerNodeBuilder modelFolder(Path folder) {
    modelFolder = Optional.of(folder);
    return this;
  }

  /**
   * The most bytes of model files to keep, 1 or more; 50 GiB unless said. A larger one is refused.
   */
  public PowerNodeBuilder modelFolderBytes(long bytes) {
    require(bytes >= 1, "modelFolderBytes", "is too small", "1 or more");
    modelFolderBytes = bytes;
    return this;
  }

  /**
   * How many loaded models to keep that nothing uses at the moment; 16 of together 4 GiB unless
   * said. Models in use are never unloaded, so there may be more.
   *
   * @param models 0 or more
   * @param bytes 0 or more, as the runtime says, else the file's size
   */
  public PowerNodeBuilder loadedModels(int models, long bytes) {
    require(models >= 0 && bytes >= 0, "loadedModels", "is negative", "0 or more");
    loadedModels = models;
    loadedModelBytes = bytes;
    return this;
  }

  /** How many tasks to run at once, 1 or more; as many as there are processors unless said. */
  public PowerNodeBuilder concurrency(int tasks) {
    require(tasks >= 1, "concurrency", "is too small", "1 or more");
    concurrency = tasks;
    return this;
  }

  /** How many tasks may wait besides, 0 or more; 1000 unless said. */
  public PowerNodeBuilder queue(int tasks) {
    require(tasks >= 0, "queue", "is negative", "0 or more");
    queue = tasks;
    return this;
  }

  /**
   * Runs a task that need not wait on the thread that asks for it, which saves the change of
   * threads and back. For nodes in the process of their orchestrator whose tasks are short: the
   * asker is not free before the task ends, so its tasks here run one after the other, and a task
   * that does not heed its cancellation is waited for beyond its time.
   */
  public PowerNodeBuilder callerRuns() {
    callerRuns = true;
    return this;
  }

  /** The most rows of a cabinet that a model sees at once, 1 or more; 1024 unless said. */
  public PowerNodeBuilder batchRows(int rows) {
    require(rows >= 1, "batchRows", "is too small", "1 or more");
    batchRows = rows;
    return this;
  }

  /**
   * How much memory rows may take that stay between the tasks of a job, and how long they stay if
   * no task uses them; 256 MiB and an hour unless said. They go when their job has ended.
   *
   * @param bytes 0 or more; of data, without what the JVM needs beside it
   * @param unused above 0
   */
  public PowerNodeBuilder keptRows(long bytes, Duration unused) {
    require(bytes >= 0, "keptRows", "has negative bytes", "0 or more");
    require(!unused.isNegative() && !unused.isZero(), "keptRows", "has no time", "above 0");
    keptRows = new KeptRows.Size(bytes, unused);
    return this;
  }

  /**
   * The clock and threads to use, which the node does not close; its own {@link
   * Environment#system(int)} unless said.
   */
  public PowerNodeBuilder environment(Environment clockAndThreads) {
    environment = Optional.of(clockAndThreads);
    return this;
  }

  /**
   * The node.
   *
   * @throws DimException with {@link ErrorCode#UNAVAILABLE} if the model folder cannot be used, or
   *     {@link ErrorCode#INVALID_ARGUMENT} if a format is allowed that no loader has as code
   */
  public PowerNode build() {
    Loaders usable = new Loaders(loaders, codeFormats);
    Path folder = modelFolder.orElseGet(PowerNodeBuilder::temporaryFolder);
    Environment used = environment.orElseGet(() -> Environment.system(concurrency));
    ModelCache models =
        new ModelCache(
            new ModelStore(folder, modelFolderBytes), usable, loadedModels, loadedModelBytes);
    NodeParts parts =
        new NodeParts(
            nodeId,
            nodeType,
            location,
            new Cabinets(cabinets),
            models,
            new NodePlugins(
                found(Reduction.class, "reduction", reductions),
                found(ConditionLanguage.class, "conditionLanguage", languages),
                new Actions(actions, REMEMBERED_ACTIONS)),
            new KeptRows(used, keptRows));
    Runnable closeEnvironment = environment.isEmpty() ? used::close : () -> {};
    Runnable deleteFolder = modelFolder.isEmpty() ? () -> ModelStore.delete(folder) : () -> {};
    return new PowerNode(
        parts,
        new Admission(parts, allowedModels, batchRows),
        used,
        callerRuns ? Runnable::run : used::execute,
        new Slots.Size(concurrency, queue),
        () -> {
          closeEnvironment.run();
          deleteFolder.run();
        });
  }

  private static <T extends Named> Map<String, T> found(
      Class<T> kind, String field, Map<String, T> given) {
    Map<String, T> all = new LinkedHashMap<>();
    ServiceLoader.load(kind).forEach(plugin -> putNamed(all, field, plugin));
    all.putAll(given);
    return all;
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("dim-models-");
    } catch (IOException e) {
      throw new DimException(
          ErrorInfo.of(ErrorCode.UNAVAILABLE, "no temporary folder for models can be made"), e);
    }
  }

  private static <T extends Named> void putNamed(Map<String, T> named, String field, T value) {
    put(named, field, value.name(), value);
  }

  private static <T> void put(Map<String, T> named, String field, String name, T value) {
    require(Ids.isValid(name), field, "has a name that is no identifier", Ids.ALLOWED);
    require(
        named.putIfAbsent(name, value) == null,
        field,
        "has the name of an earlier one",
        "each name once");
  }

  private static void require(boolean holds, String field, String problem, String allowed) {
    if (!holds) {
      throw new DimException(
          ErrorCode.INVALID_ARGUMENT, field + ": " + problem + "; allowed: " + allowed);
    }
  }
}
