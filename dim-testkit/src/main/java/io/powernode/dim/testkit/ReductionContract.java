package io.powernode.dim.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Ids;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Batch;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction;
import io.powernode.dim.spi.Reduction.Reducer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Reduction} must do. Extend it, say how to create a reduction, and give rows
 * with a model's outputs for them.
 */
public abstract class ReductionContract {
  private static final double TOLERANCE = 1e-9;

  /** For subclasses. */
  protected ReductionContract() {}

  /**
   * Rows and what a model made of them.
   *
   * @param batch at least 6 rows
   * @param outputs tensors whose first dimension is the row
   */
  public record Rows(Batch batch, Map<String, Tensor> outputs) {}

  /** The reduction. */
  protected abstract Reduction create();

  /** The model that made the outputs. */
  protected abstract ModelDescriptor model();

  /** What a job asks of the reduction. */
  protected ReductionSpec spec() {
    return ReductionSpec.of(create().name());
  }

  /** The rows to reduce. */
  protected abstract Rows rows();

  @Test
  void name_always_isAnIdentifier() {
    assertThat(Ids.isValid(create().name())).isTrue();
    assertThat(spec().method()).isEqualTo(create().name());
  }

  @Test
  void reducer_withoutRows_hasNoSamples() {
    assertThat(create().start(model(), spec()).finish().samples()).isZero();
  }

  @Test
  void reducer_inAnyBatches_reducesTheSame() {
    Partial whole = reduce(0, count());
    assertThat(whole.samples()).isEqualTo(count());
    for (int size = 1; size < count(); size++) {
      assertClose(reduce(0, count(), size), whole, "in batches of " + size);
    }
  }

  @Test
  void merge_ofASplitAnywhere_equalsTheWhole() {
    Partial whole = reduce(0, count());
    for (int at = 1; at < count(); at++) {
      Partial merged = create().merge(List.of(reduce(0, at), reduce(at, count())));
      assertClose(merged, whole, "split at " + at);
      assertThat(merged.samples()).isEqualTo(count());
    }
  }

  @Test
  void merge_inGroups_isAssociative() {
    List<Partial> parts = thirds();
    Partial left = create().merge(List.of(create().merge(parts.subList(0, 2)), parts.get(2)));
    Partial right = create().merge(List.of(parts.get(0), create().merge(parts.subList(1, 3))));
    assertClose(left, right, "(ab)c and a(bc)");
    assertClose(create().merge(parts), right, "abc and a(bc)");
  }

  @Test
  void merge_inAnotherOrder_isTheSameUpToRounding() {
    assumeThat(create().rowLevel()).as("rows, whose order is part of the answer").isFalse();
    List<Partial> parts = thirds();
    Partial merged = create().merge(parts);
    Partial other = create().merge(List.of(parts.get(2), parts.get(0), parts.get(1)));
    assertClose(other, merged, "cab and abc");
  }

  @Test
  void merge_inTheSameOrder_isTheSameToTheBit() {
    assertThat(create().merge(thirds())).isEqualTo(create().merge(thirds()));
  }

  @Test
  void merge_ofOne_isItself() {
    Partial whole = reduce(0, count());
    assertClose(create().merge(List.of(whole)), whole, "merge of one");
  }

  @Test
  void merge_ofOtherShapes_isRefused() {
    Partial whole = reduce(0, count());
    assumeThat(create().rowLevel()).as("rows, of which there may be more").isFalse();
    Partial other = new Partial(WrongTensors.misshapen(whole.values()), whole.samples());
    assertThatThrownBy(() -> create().merge(List.of(whole, other)))
        .isInstanceOfSatisfying(
            DimException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DATA));
  }

  @Test
  void output_ofAMergedPartial_standsForAllRows() {
    assertThat(create().output(create().merge(thirds())).samples().orElse((long) count()))
        .isEqualTo(count());
  }

  @Test
  void option_thatIsUnknown_isRefusedByName() {
    Options options = spec().options().with("no-such-option", 1);
    Violations violations = Violations.none();
    create().validate(options, violations);
    assertThat(violations.has("no-such-option")).isTrue();
  }

  @Test
  void options_ofTheJob_areAccepted() {
    Violations violations = Violations.none();
    create().validate(spec().options(), violations);
    assertThat(violations.list()).isEmpty();
  }

  private int count() {
    return rows().batch().rows();
  }

  private List<Partial> thirds() {
    int n = count();
    return List.of(reduce(0, n / 3), reduce(n / 3, n / 2), reduce(n / 2, n));
  }

  private Partial reduce(int from, int to) {
    return reduce(from, to, to - from);
  }

  private Partial reduce(int from, int to, int batchRows) {
    Rows rows = rows();
    Reducer reducer = create().start(model(), spec());
    for (int at = from; at < to; at += batchRows) {
      int end = Math.min(to, at + batchRows);
      reducer.accept(
          TensorRows.slice(rows.batch(), at, end), TensorRows.slice(rows.outputs(), at, end));
    }
    return reducer.finish();
  }

  private static void assertClose(Partial actual, Partial expected, String what) {
    assertThat(actual.samples()).as(what).isEqualTo(expected.samples());
    assertThat(new ArrayList<>(actual.values().keySet()))
        .as(what)
        .isEqualTo(new ArrayList<>(expected.values().keySet()));
    TensorAssert.assertClose(actual.values(), expected.values(), TOLERANCE, what);
  }
}
