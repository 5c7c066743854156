package io.powernode.dim.patterns;

import io.powernode.dim.api.DataType;
import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.Tensor;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What one model voted, as it came from its node.
 *
 * @param rows pseudonymous ids, distinct
 * @param labels for each row; empty text where it abstained
 * @param columns the classes of the columns of {@code probabilities}
 * @param probabilities row-major [rows × columns]
 */
record ModelVote(
    List<String> rows,
    List<String> labels,
    List<String> columns,
    Optional<double[]> probabilities) {

  /**
   * The votes in a partial of the reduction {@code votes}.
   *
   * @throws DimException with {@link ErrorCode#INVALID_DATA} if it is none
   */
  static ModelVote ofPartial(Map<String, Tensor> partial, ModelDescriptor model, Classes classes) {
    List<String> rows = texts(partial, RowPartials.ROW_IDS);
    List<String> labels = texts(partial, VotesReduction.LABELS);
    Optional<Tensor> given = Optional.ofNullable(partial.get(VotesReduction.PROBABILITIES));
    int width = given.filter(t -> t.rank() == 2).map(t -> (int) t.dimension(1)).orElse(0);
    List<String> columns = classes.columns(model, width);
    require(labels.size() == rows.size(), "do not have one label for each row");
    require(new HashSet<>(rows).size() == rows.size(), "repeat a row");
    require(!rows.isEmpty(), "are about no rows");
    given.ifPresent(
        tensor ->
            require(
                tensor.dataType() == DataType.FP64
                    && Arrays.equals(tensor.shape(), new long[] {rows.size(), columns.size()})
                    && Arrays.stream(tensor.toDoubles()).allMatch(p -> p >= 0 && p <= 1),
                "have probabilities of another form"));
    return new ModelVote(rows, labels, columns, given.map(Tensor::toDoubles)).known(classes);
  }

  /** The votes that a model's outputs for the job's own rows are. */
  static ModelVote ofOutputs(
      Map<String, Tensor> outputs,
      int rows,
      ModelDescriptor model,
      Options options,
      Classes classes) {
    RowVotes votes = VoteReader.of(model, options).read(outputs, rows);
    return new ModelVote(
            IntStream.rangeClosed(1, rows).mapToObj(row -> "r" + row).toList(),
            votes.labels(),
            votes.classes(),
            votes.probabilities())
        .known(classes);
  }

  /** The same votes in the order of {@code order}; empty if they are about other rows. */
  Optional<ModelVote> inOrderOf(List<String> order) {
    if (rows.equals(order)) {
      return Optional.of(this);
    }
    Map<String, Integer> positions = Positions.of(rows);
    if (order.size() != rows.size() || !positions.keySet().containsAll(order)) {
      return Optional.empty();
    }
    int[] from = order.stream().mapToInt(positions::get).toArray();
    return Optional.of(
        new ModelVote(
            order,
            Arrays.stream(from).mapToObj(labels::get).toList(),
            columns,
            probabilities.map(values -> permuted(values, from))));
  }

  private double[] permuted(double[] values, int[] from) {
    int width = columns.size();
    double[] moved = new double[values.length];
    for (int row = 0; row < from.length; row++) {
      System.arraycopy(values, from[row] * width, moved, row * width, width);
    }
    return moved;
  }

  private ModelVote known(Classes classes) {
    HashSet<String> known = new HashSet<>(classes.declared());
    require(
        known.isEmpty() || labels.stream().allMatch(l -> l.isEmpty() || known.contains(l)),
        "name a class that is not declared");
    return this;
  }

  private static List<String> texts(Map<String, Tensor> partial, String name) {
    Tensor tensor = partial.get(name);
    if (tensor == null || tensor.dataType() != DataType.BYTES || tensor.rank() != 1) {
      throw new DimException(ErrorCode.INVALID_DATA, "votes: have no " + name + " of texts");
    }
    return tensor.strings();
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw new DimException(ErrorCode.INVALID_DATA, "votes: " + problem);
    }
  }
}
