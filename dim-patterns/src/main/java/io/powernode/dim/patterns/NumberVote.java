package io.powernode.dim.patterns;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.ConsensusRule.Ballot;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What numbers a regression gave, as they came from its node.
 *
 * @param rows pseudonymous ids, distinct
 * @param numbers for each row, finite; NaN where it abstained
 */
record NumberVote(List<String> rows, double[] numbers) implements ModelVote {

  /**
   * The numbers in a partial of the reduction {@code numbers}.
   *
   * @throws DimException with {@link ErrorCode#INVALID_DATA} if it is none
   */
  static NumberVote ofPartial(Map<String, Tensor> partial) {
    List<String> rows = RowPartials.rows(partial);
    Tensor numbers = partial.get(NumbersReduction.NAME);
    if (numbers == null
        || numbers.dataType() != DataType.FP64
        || !Arrays.equals(numbers.shape(), new long[] {rows.size()})) {
      throw new DimException(ErrorCode.INVALID_DATA, "votes: do not have one number for each row");
    }
    return new NumberVote(rows, NumbersReduction.finiteOrNaN(numbers));
  }

  /** The numbers that a model's outputs for the job's own rows are. */
  static NumberVote ofOutputs(Map<String, Tensor> outputs, int rows) {
    return new NumberVote(RowPartials.numbered(rows), NumbersReduction.numbers(outputs, rows));
  }

  @Override
  public List<String> labels() {
    return List.of();
  }

  @Override
  public List<Double> values() {
    return Arrays.stream(numbers).boxed().toList();
  }

  @Override
  public Ballot ballot(String modelId, double reputation, Map<String, Integer> indexes) {
    return Ballot.ofNumbers(modelId, reputation, numbers);
  }

  @Override
  public NumberVote permuted(List<String> order, int[] from) {
    return new NumberVote(order, Arrays.stream(from).mapToDouble(row -> numbers[row]).toArray());
  }
}
