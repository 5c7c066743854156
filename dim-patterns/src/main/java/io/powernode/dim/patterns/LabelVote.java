package io.powernode.dim.patterns;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.Tensor;
import io.powernode.dim.spi.ConsensusRule.Ballot;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What labels one model voted for, as they came from its node.
 *
 * @param rows pseudonymous ids, distinct
 * @param labels for each row; empty text where it abstained
 * @param columns the classes of the columns of {@code probabilities}
 * @param probabilities row-major [rows × columns]
 */
record LabelVote(
    List<String> rows, List<String> labels, List<String> columns, Optional<double[]> probabilities)
    implements ModelVote {

  /**
   * The votes in a partial of the reduction {@code votes}.
   *
   * @throws DimException with {@link ErrorCode#INVALID_DATA} if it is none
   */
  static LabelVote ofPartial(Map<String, Tensor> partial, ModelDescriptor model, Classes classes) {
    List<String> rows = RowPartials.rows(partial);
    List<String> labels = RowPartials.texts(partial, VotesReduction.LABELS);
    Optional<Tensor> given = Optional.ofNullable(partial.get(VotesReduction.PROBABILITIES));
    int width = given.filter(t -> t.rank() == 2).map(t -> (int) t.dimension(1)).orElse(0);
    List<String> columns = classes.columns(model, width);
    require(labels.size() == rows.size(), "do not have one label for each row");
    given.ifPresent(
        tensor ->
            require(
                tensor.dataType() == DataType.FP64
                    && Arrays.equals(tensor.shape(), new long[] {rows.size(), columns.size()})
                    && Arrays.stream(tensor.toDoubles()).allMatch(p -> p >= 0 && p <= 1),
                "have probabilities of another form"));
    return new LabelVote(rows, labels, columns, given.map(Tensor::toDoubles)).known(classes);
  }

  /** The votes that a model's outputs for the job's own rows are. */
  static LabelVote ofOutputs(
      Map<String, Tensor> outputs,
      int rows,
      ModelDescriptor model,
      Options options,
      Classes classes) {
    RowVotes votes = VoteReader.of(model, options).read(outputs, rows);
    return new LabelVote(
            RowPartials.numbered(rows), votes.labels(), votes.classes(), votes.probabilities())
        .known(classes);
  }

  @Override
  public List<Double> values() {
    return List.of();
  }

  @Override
  public Ballot ballot(String modelId, double reputation, Map<String, Integer> indexes) {
    int[] votes =
        labels.stream().mapToInt(label -> indexes.getOrDefault(label, Ballot.ABSTAIN)).toArray();
    return new Ballot(
        modelId, reputation, votes, probabilities.map(values -> byLabel(values, indexes)));
  }

  /** Moves the columns to where the job's classes stand; a class unknown to the model has none. */
  private double[] byLabel(double[] values, Map<String, Integer> indexes) {
    double[] moved = new double[rows.size() * indexes.size()];
    for (int column = 0; column < columns.size(); column++) {
      Integer target = indexes.get(columns.get(column));
      for (int row = 0; target != null && row < rows.size(); row++) {
        moved[row * indexes.size() + target] = values[row * columns.size() + column];
      }
    }
    return moved;
  }

  @Override
  public LabelVote permuted(List<String> order, int[] from) {
    return new LabelVote(
        order,
        Arrays.stream(from).mapToObj(labels::get).toList(),
        columns,
        probabilities.map(values -> permuted(values, from)));
  }

  private double[] permuted(double[] values, int[] from) {
    int width = columns.size();
    double[] moved = new double[values.length];
    for (int row = 0; row < from.length; row++) {
      System.arraycopy(values, from[row] * width, moved, row * width, width);
    }
    return moved;
  }

  private LabelVote known(Classes classes) {
    HashSet<String> known = new HashSet<>(classes.declared());
    require(
        known.isEmpty() || labels.stream().allMatch(l -> l.isEmpty() || known.contains(l)),
        "name a class that is not declared");
    return this;
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw new DimException(ErrorCode.INVALID_DATA, "votes: " + problem);
    }
  }
}
