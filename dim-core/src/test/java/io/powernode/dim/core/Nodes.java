package io.powernode.dim.core;

import io.powernode.dim.api.CabinetDescriptor;
import io.powernode.dim.api.Digest;
import io.powernode.dim.api.NodeLoad;
import io.powernode.dim.api.NodeProfile;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Nodes for tests. */
final class Nodes {
  private static final Digest FINGERPRINT = Digest.of(new byte[0]);

  private Nodes() {}

  static NodeProfile profile(String id, CabinetDescriptor... dataSets) {
    return profile(id, Optional.empty(), Set.of("onnx"), Set.of(), dataSets);
  }

  static NodeProfile profile(
      String id,
      Optional<String> location,
      Set<String> formats,
      Set<String> actions,
      CabinetDescriptor... dataSets) {
    return new NodeProfile(
        id,
        "hospital",
        location,
        List.of(dataSets),
        formats,
        actions,
        new NodeProfile.Capacity(2, 0, Optional.empty()));
  }

  static CabinetDescriptor cabinet(String name, String dataType, long rows) {
    return cabinet(name, dataType, rows, Optional.empty());
  }

  static CabinetDescriptor cabinet(
      String name, String dataType, long rows, Optional<String> timeColumn) {
    return new CabinetDescriptor(
        name, dataType, rows, List.of(), Optional.empty(), timeColumn, FINGERPRINT);
  }

  static NodeLoad load(int active, String... warmModels) {
    return new NodeLoad(active, 0, 1, 0, Set.of(warmModels));
  }
}
