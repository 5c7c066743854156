package io.powernode.dim.patterns;

import io.powernode.dim.api.CabinetDescriptor;
import io.powernode.dim.api.Column;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Digest;
import io.powernode.dim.api.ModelArtifact;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.NodeLoad;
import io.powernode.dim.api.NodeProfile;
import io.powernode.dim.api.NodeProfile.Capacity;
import io.powernode.dim.api.NodeRecord;
import io.powernode.dim.api.NodeStatus;
import io.powernode.dim.api.Signature;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.spi.Aggregator;
import io.powernode.dim.spi.Catalog;
import io.powernode.dim.spi.ConsensusRule;
import io.powernode.dim.spi.Extensions;
import io.powernode.dim.spi.Named;
import io.powernode.dim.spi.PatternEngine;
import io.powernode.dim.spi.Reduction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Models and nodes in maps, and the plugins that the service loader finds. */
final class FakeCatalog implements Catalog, Extensions {
  private final Map<String, ModelDescriptor> models = new LinkedHashMap<>();
  private final Map<String, NodeRecord> nodes = new LinkedHashMap<>();
  private final Map<Class<?>, List<? extends Named>> more = new LinkedHashMap<>();

  FakeCatalog model(ModelDescriptor model) {
    models.put(model.id(), model);
    return this;
  }

  /** A node of that reputation that runs onnx, performs these actions and holds "patients". */
  FakeCatalog node(String id, double reputation, String... actions) {
    return node(id, reputation, cabinet("patients", "same"), actions);
  }

  FakeCatalog node(String id, double reputation, CabinetDescriptor cabinet, String... actions) {
    NodeProfile profile =
        new NodeProfile(
            id,
            "hospital",
            Optional.empty(),
            List.of(cabinet),
            Set.of("onnx"),
            Set.of(actions),
            new Capacity(1, 0, Optional.empty()));
    nodes.put(
        id,
        new NodeRecord(
            profile, NodeStatus.ACTIVE, reputation, NodeLoad.idle(), Instant.EPOCH, Instant.EPOCH));
    return this;
  }

  /** Takes a node out of service. */
  FakeCatalog maintenance(String id) {
    nodes.computeIfPresent(
        id,
        (known, n) ->
            new NodeRecord(
                n.profile(),
                NodeStatus.MAINTENANCE,
                n.reputation(),
                n.load(),
                n.lastHeartbeat(),
                n.registeredAt()));
    return this;
  }

  <T extends Named> FakeCatalog plugin(Class<T> kind, T plugin) {
    more.put(kind, List.of(plugin));
    return this;
  }

  static CabinetDescriptor cabinet(String name, String content) {
    return new CabinetDescriptor(
        name,
        "medical",
        10,
        List.of(Column.of("age", DataType.FP64)),
        Optional.of(Column.of("diagnosis", DataType.BYTES)),
        Optional.empty(),
        digest(content));
  }

  static Digest digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8));
  }

  static ModelDescriptor model(String id, List<TensorSpec> inputs, List<TensorSpec> outputs) {
    return ModelDescriptor.of(
        id, new ModelArtifact("onnx", digest(id), 1, List.of()), new Signature(inputs, outputs));
  }

  /** A model from "x" FP32 [-1,2] to "risk" FP32 [-1,1]. */
  static ModelDescriptor riskModel(String id) {
    return model(
        id,
        List.of(TensorSpec.of("x", DataType.FP32, -1, 2)),
        List.of(TensorSpec.of("risk", DataType.FP32, -1, 1)));
  }

  @Override
  public Optional<ModelDescriptor> model(String id) {
    return Optional.ofNullable(models.get(id));
  }

  @Override
  public Optional<NodeRecord> node(String id) {
    return Optional.ofNullable(nodes.get(id));
  }

  @Override
  public Extensions extensions() {
    return this;
  }

  Map<String, NodeRecord> nodes() {
    return nodes;
  }

  @Override
  public <T extends Named> Optional<T> find(Class<T> kind, String name) {
    return all(kind).filter(plugin -> plugin.name().equals(name)).findFirst();
  }

  @Override
  public Set<String> names(Class<? extends Named> kind) {
    return new TreeSet<>(all(kind).map(Named::name).toList());
  }

  private <T extends Named> Stream<T> all(Class<T> kind) {
    return Stream.concat(found(kind), more.getOrDefault(kind, List.of()).stream().map(kind::cast));
  }

  /** Every kind needs a call of its own: the service loader refuses a type variable. */
  private static <T> Stream<T> found(Class<T> kind) {
    ServiceLoader<?> loader =
        kind == Reduction.class
            ? ServiceLoader.load(Reduction.class)
            : kind == Aggregator.class
                ? ServiceLoader.load(Aggregator.class)
                : kind == PatternEngine.class
                    ? ServiceLoader.load(PatternEngine.class)
                    : ServiceLoader.load(ConsensusRule.class);
    return loader.stream().map(ServiceLoader.Provider::get).map(kind::cast);
  }
}
