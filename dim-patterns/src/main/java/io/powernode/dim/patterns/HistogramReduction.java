package io.powernode.dim.patterns;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.ReductionSpec;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.api.Violations;
import io.powernode.dim.spi.Partial;
import io.powernode.dim.spi.Reduction;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code histogram}: how many rows have each number of every output in which bin. Integers and
 * truth values count as numbers, infinities are in the outermost bins; an output of text, or with a
 * NaN, is refused with {@link ErrorCode#INVALID_DATA}.
 *
 * <p>Option: {@code edges}, which must be given: 2 to {@value #MOST_EDGES} finite numbers in
 * ascending order. With {@code m} edges there are {@code m+1} bins: below the first edge; from each
 * edge to below the next, the last edge included in the last of these; above the last edge.
 *
 * <p>A partial holds one INT64 tensor for each output, in the form of {@link MeanReduction}'s and
 * the bins as a last dimension: an output [n] or [n,1] gives [1,m+1], one of [n,k] gives [k,m+1].
 * The counts of one number sum to the rows. Merging adds, so merged histograms equal those over all
 * rows pooled. Thread-safe.
 */
public final class HistogramReduction implements Reduction, PartialForm {
  /**
   * The most edges: as many bins between them as the histograms of {@link MetricsReduction} have.
   * An owner should know that edges close to each other tell single rows' values.
   */
  public static final int MOST_EDGES = MetricsReduction.AUC_BINS + 1;

  private static final String EDGES = "edges";

  /** For the service loader. */
  public HistogramReduction() {}

  @Override
  public String name() {
    return "histogram";
  }

  @Override
  public void validate(Options options, Violations violations) {
    options.allowOnly(violations, Set.of(EDGES));
    String allowed = "2 to " + MOST_EDGES + " finite numbers in ascending order";
    new OptionChecks(options, violations)
        .required(EDGES, allowed)
        .ascending(EDGES, MOST_EDGES, allowed);
  }

  @Override
  public Reducer start(ModelDescriptor model, ReductionSpec spec) {
    return OutputCounts.of(name(), OptionChecks.numbersOf(spec.options(), EDGES));
  }

  @Override
  public Partial merge(List<Partial> partials) {
    List<Partial> some = Partials.withRows(partials);
    return some.isEmpty()
        ? partials.get(0)
        : some.stream().reduce(HistogramReduction::plus).orElseThrow();
  }

  private static Partial plus(Partial a, Partial b) {
    if (!a.values().keySet().equals(b.values().keySet())) {
      throw new DimException(
          ErrorCode.INVALID_DATA, "tensors: the nodes' answers have different names");
    }
    Map<String, Tensor> sums = new LinkedHashMap<>();
    a.values()
        .forEach((name, tensor) -> sums.put(name, plus(name, tensor, Lookup.in(b.values(), name))));
    return new Partial(sums, Math.addExact(a.samples(), b.samples()));
  }

  private static Tensor plus(String name, Tensor a, Tensor b) {
    if (a.dataType() != DataType.INT64
        || b.dataType() != DataType.INT64
        || !Arrays.equals(a.shape(), b.shape())) {
      throw new DimException(
          ErrorCode.INVALID_DATA,
          "tensor " + name + ": is not of counts, or the nodes' shapes differ");
    }
    LongBuffer left = a.longs();
    LongBuffer right = b.longs();
    long[] sums = new long[a.elements()];
    Arrays.setAll(sums, i -> Math.addExact(left.get(i), right.get(i)));
    return Tensor.ofLongs(sums, a.shape());
  }

  @Override
  public Optional<String> problem(Partial partial, ModelDescriptor model, ReductionSpec spec) {
    return OutputForm.problem(partial, model, DataType.INT64, 1)
        .or(
            () ->
                partial.values().values().stream().allMatch(t -> adds(t, partial.samples()))
                    ? Optional.empty()
                    : Optional.of("it has counts that do not sum to its rows"));
  }

  /** Whether every number's counts are none below 0 and sum to the rows, of two edges at least. */
  private static boolean adds(Tensor tensor, long rows) {
    int bins = (int) tensor.dimension(tensor.rank() - 1);
    if (bins < 3) {
      return false;
    }
    LongBuffer counts = tensor.longs();
    for (int at = 0; at < counts.limit(); at += bins) {
      long left = rows;
      for (int i = at; i < at + bins; i++) {
        if (counts.get(i) < 0 || counts.get(i) > left) {
          return false;
        }
        left -= counts.get(i);
      }
      if (left != 0) {
        return false;
      }
    }
    return true;
  }
}
