package io.powernode.dim.patterns;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model's outputs for some rows, read as votes.
 *
 * @param labels the label for each row; empty text where the model abstained
 * @param classes the classes in declared order; empty where nobody declared any
 * @param scores the name of the output of scores, if the model has one that fits the classes
 * @param probabilities of each class for each row, row-major [rows × classes], zeros where the
 *     model abstained; empty where the scores are no probabilities
 */
record RowVotes(
    List<String> labels,
    List<String> classes,
    Optional<String> scores,
    Optional<double[]> probabilities) {

  /**
   * The same votes, but abstaining where the label is less probable.
   *
   * @throws DimException with {@link ErrorCode#INVALID_DATA} if there are no probabilities
   */
  RowVotes atLeast(double minConfidence) {
    double[] given =
        probabilities.orElseThrow(
            () ->
                new DimException(
                    ErrorCode.INVALID_DATA,
                    "outputs: have no probabilities of the classes, which minConfidence needs"));
    Map<String, Integer> positions = Positions.of(classes);
    List<String> sure = new ArrayList<>(labels);
    double[] left = given.clone();
    for (int row = 0; row < sure.size(); row++) {
      int first = row * classes.size();
      Integer label = positions.get(sure.get(row));
      if (label == null || given[first + label] < minConfidence) {
        sure.set(row, "");
        Arrays.fill(left, first, first + classes.size(), 0);
      }
    }
    return new RowVotes(sure, classes, scores, Optional.of(left));
  }
}
