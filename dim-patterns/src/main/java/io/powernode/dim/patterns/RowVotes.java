package io.powernode.dim.patterns;

import java.util.List;
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
    Optional<double[]> probabilities) {}
