package io.powernode.dim.daemon;

import io.powernode.dim.api.Digest;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.TensorSpec;
import io.powernode.dim.spi.Batch;
import io.powernode.dim.spi.TensorDigest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Rows that stay on the node. Immutable; equal only to itself. */
final class RowSet {
  private final List<Batch> blocks;
  private final Set<CabinetPolicy> owners;
  private final RowGroups groups;

  /**
   * Rows.
   *
   * @param blocks the rows in their order; a block's columns are what a model answered for them
   * @param owners whose data the rows come from
   * @param groups which of them the job could tell apart
   */
  RowSet(List<Batch> blocks, Set<CabinetPolicy> owners, RowGroups groups) {
    this.blocks = List.copyOf(blocks);
    this.owners = Set.copyOf(owners);
    this.groups = groups;
  }

  List<Batch> blocks() {
    return blocks;
  }

  Set<CabinetPolicy> owners() {
    return owners;
  }

  RowGroups groups() {
    return groups;
  }

  int rows() {
    return blocks.stream().mapToInt(Batch::rows).sum();
  }

  /** The bytes that the rows of a block take. */
  static long bytes(Batch block) {
    long columns = block.columns().values().stream().mapToLong(Tensor::byteSize).sum();
    return columns + block.rowIds().byteSize() + block.label().map(Tensor::byteSize).orElse(0);
  }

  long bytes() {
    return groups.bytes() + blocks.stream().mapToLong(RowSet::bytes).sum();
  }

  /** The names, types and shapes of the columns over all rows. */
  List<TensorSpec> tensors() {
    List<TensorSpec> tensors = new ArrayList<>();
    if (!blocks.isEmpty()) {
      blocks.get(0).columns().forEach((name, first) -> tensors.add(spec(name, first)));
    }
    return tensors;
  }

  private TensorSpec spec(String name, Tensor first) {
    long[] shape = first.shape();
    shape[0] = rows();
    return TensorSpec.of(name, first.dataType(), shape);
  }

  /** A digest of the rows that says nothing to who does not know the salt: rows can be guessed. */
  Digest digest(byte[] salt) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(salt);
    for (Batch block : blocks) {
      String one = TensorDigest.of(block.columns()).value();
      all.writeBytes(one.getBytes(StandardCharsets.UTF_8));
    }
    return Digest.of(all.toByteArray());
  }
}
