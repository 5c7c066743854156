package io.powernode.dim.testkit;

import io.powernode.dim.api.CabinetDescriptor;
import io.powernode.dim.api.Column;
import io.powernode.dim.api.DataType;
import io.powernode.dim.api.Digest;
import io.powernode.dim.api.NodeProfile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Builds the profile of a node for a test; whatever is not said is empty. Not thread-safe. */
public final class FakeProfile {
  private final String nodeId;
  private final List<CabinetDescriptor> dataSets = new ArrayList<>();
  private final Set<String> formats = new HashSet<>();
  private final Set<String> actions = new HashSet<>();
  private Optional<String> location = Optional.empty();

  private FakeProfile(String nodeId) {
    this.nodeId = nodeId;
  }

  /** The profile of a node called {@code nodeId}. */
  public static FakeProfile of(String nodeId) {
    return new FakeProfile(nodeId);
  }

  /** Holds a cabinet of one FP64 column {@code x}. */
  public FakeProfile dataSet(String name, String dataType, long rows) {
    Digest fingerprint = Digest.of((nodeId + "/" + name).getBytes(StandardCharsets.UTF_8));
    return dataSet(
        new CabinetDescriptor(
            name,
            dataType,
            rows,
            List.of(Column.of("x", DataType.FP64)),
            Optional.empty(),
            Optional.empty(),
            fingerprint));
  }

  /** Holds this cabinet. */
  public FakeProfile dataSet(CabinetDescriptor descriptor) {
    dataSets.add(descriptor);
    return this;
  }

  /** Runs models of these formats. */
  public FakeProfile formats(String... names) {
    formats.addAll(List.of(names));
    return this;
  }

  /** Performs these actions. */
  public FakeProfile actions(String... names) {
    actions.addAll(List.of(names));
    return this;
  }

  /** Is at this place. */
  public FakeProfile location(String place) {
    location = Optional.of(place);
    return this;
  }

  /** The profile. */
  public NodeProfile build() {
    return new NodeProfile(
        nodeId,
        "fake",
        location,
        dataSets,
        formats,
        actions,
        new NodeProfile.Capacity(1, 0, Optional.empty()));
  }
}
