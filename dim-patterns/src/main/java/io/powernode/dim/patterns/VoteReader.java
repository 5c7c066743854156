package io.powernode.dim.patterns;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Turns a model's outputs into votes: the one rule for rows of a cabinet and for a job's own data.
 *
 * <ol>
 *   <li>The label is the first output of text, integers or truth values with one entry a row. An
 *       integer is the index of a declared class; where none is declared, its digits are the label.
 *       An empty text abstains.
 *   <li>Without such an output it is read from the scores, the first floating-point output [n,k],
 *       [n,1] or [n]: of [n,k] the class with the largest score, of equal ones the first; a single
 *       score at or above the threshold is the second class, else the first. A declared threshold
 *       counts in the same way for the second of two scores, which must be probabilities then.
 *       Single scores that are no probabilities are a regression's, and refused, where neither
 *       classes nor a threshold are declared.
 *   <li>A row with a NaN among its scores abstains, and so does one whose label is less probable
 *       than the job's option {@code minConfidence}.
 * </ol>
 *
 * <p>Classes are the model's own, else the job's option {@code labels}, else {@code 0} to {@code
 * k-1} by the scores. The threshold is the job's, else the model's, else 0.5 for a single score.
 */
final class VoteReader {
  private final List<String> declared;
  private final Optional<Double> threshold;
  private final Optional<Double> minConfidence;

  private VoteReader(
      List<String> declared, Optional<Double> threshold, Optional<Double> minConfidence) {
    this.declared = declared;
    this.threshold = threshold;
    this.minConfidence = minConfidence;
  }

  static VoteReader of(ModelDescriptor model, Options options) {
    return new VoteReader(
        declared(model, options),
        options.number("threshold").or(model::threshold),
        options.number(Consensus.MIN_CONFIDENCE));
  }

  private static List<String> declared(ModelDescriptor model, Options options) {
    return model.labels().isEmpty() ? OptionChecks.textsOf(options, "labels") : model.labels();
  }

  /** The classes, of which there are so many where nobody declares any. */
  static List<String> classes(ModelDescriptor model, Options options, int undeclared) {
    List<String> declared = declared(model, options);
    return declared.isEmpty() ? numbered(undeclared) : declared;
  }

  /** Reads the outputs for {@code rows} rows. */
  RowVotes read(Map<String, Tensor> outputs, int rows) {
    Optional<String> labelOutput = first(outputs, tensor -> isLabel(tensor, rows));
    Optional<Scores> scores =
        first(outputs, tensor -> Scores.fits(tensor, rows))
            .map(name -> Scores.of(name, Lookup.in(outputs, name)));
    if (labelOutput.isEmpty() && scores.isEmpty()) {
      throw Tensors.invalid(
          String.join(", ", outputs.keySet()), "there is neither a label nor a score for each row");
    }
    boolean ownLabels =
        labelOutput.isPresent() && Tensors.isText(Lookup.in(outputs, labelOutput.get()));
    List<String> classes =
        !declared.isEmpty() || ownLabels
            ? declared
            : scores.map(s -> numbered(s.classes())).orElse(List.of());
    Optional<Scores> fitting = scores.filter(s -> s.classes() == classes.size());
    if (labelOutput.isEmpty() && fitting.isEmpty()) {
      throw Tensors.invalid(
          scores.orElseThrow().output(), "does not have one score for each of the classes");
    }
    if (labelOutput.isEmpty()) {
      requireNoRegression(fitting.orElseThrow());
      requireProbabilitiesToPart(fitting.orElseThrow());
    }
    List<String> labels =
        labelOutput.isPresent()
            ? named(labelOutput.get(), Lookup.in(outputs, labelOutput.get()), classes)
            : favourites(fitting.orElseThrow(), classes, rows);
    RowVotes votes =
        new RowVotes(
            withAbstentions(labels, scores),
            classes,
            fitting.map(Scores::output),
            fitting.flatMap(Scores::probabilities));
    return minConfidence.isPresent() ? votes.atLeast(minConfidence.get()) : votes;
  }

  /** A number that is no probability tells no class, unless somebody says where classes part. */
  private void requireNoRegression(Scores scores) {
    if (declared.isEmpty()
        && threshold.isEmpty()
        && scores.isSingle()
        && scores.probabilities().isEmpty()) {
      throw Tensors.invalid(
          scores.output(),
          "is a number a row that is no probability, and nobody declares classes; allowed: labels"
              + " or a threshold, or a method for numbers");
    }
  }

  /** Two scores that are no probabilities have no point within 0..1 where they part. */
  private void requireProbabilitiesToPart(Scores scores) {
    if (threshold.isPresent() && scores.columns() == 2 && scores.probabilities().isEmpty()) {
      throw Tensors.invalid(
          scores.output(),
          "is two numbers a row that are no probabilities, which a threshold cannot part; allowed:"
              + " probabilities, or no threshold");
    }
  }

  private static boolean isLabel(Tensor tensor, int rows) {
    return !tensor.dataType().isFloating()
        && tensor.rank() >= 1
        && tensor.dimension(0) == rows
        && tensor.elements() == rows;
  }

  private static Optional<String> first(Map<String, Tensor> outputs, Predicate<Tensor> wanted) {
    return outputs.entrySet().stream()
        .filter(output -> wanted.test(output.getValue()))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private static List<String> numbered(int classes) {
    return IntStream.range(0, classes).mapToObj(Integer::toString).toList();
  }

  private static List<String> named(String output, Tensor tensor, List<String> classes) {
    if (Tensors.isText(tensor)) {
      List<String> labels = tensor.strings();
      Set<String> known = new HashSet<>(classes);
      if (!known.isEmpty()
          && !labels.stream().allMatch(label -> label.isEmpty() || known.contains(label))) {
        throw Tensors.invalid(output, "names a class that is not declared");
      }
      return labels;
    }
    double[] numbers = tensor.toDoubles();
    List<String> labels = new ArrayList<>(numbers.length);
    for (double number : numbers) {
      if (!classes.isEmpty() && !(number >= 0 && number < classes.size())) {
        throw Tensors.invalid(output, "is not the index of a declared class");
      }
      labels.add(classes.isEmpty() ? Long.toString((long) number) : classes.get((int) number));
    }
    return labels;
  }

  private List<String> favourites(Scores scores, List<String> classes, int rows) {
    List<String> labels = new ArrayList<>(rows);
    for (int row = 0; row < rows; row++) {
      labels.add(classes.get(scores.favourite(row, threshold)));
    }
    return labels;
  }

  private static List<String> withAbstentions(List<String> labels, Optional<Scores> scores) {
    if (scores.isEmpty()) {
      return labels;
    }
    List<String> votes = new ArrayList<>(labels);
    for (int row = 0; row < votes.size(); row++) {
      if (scores.get().abstains(row)) {
        votes.set(row, "");
      }
    }
    return votes;
  }
}
