package io.powernode.dim.patterns;

import io.powernode.dim.api.Consensus;
import io.powernode.dim.api.ModelDescriptor;
import io.powernode.dim.api.Options;
import io.powernode.dim.api.Violations;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The classes that several models vote on: the job's, else those of the first model that declares
 * any; where nobody declares classes, those that were voted for, in order of number if all are
 * whole numbers, else of text.
 *
 * @param declared in order; empty where nobody declares any
 */
record Classes(List<String> declared) {

  /** Of numbers. */
  static Classes none() {
    return new Classes(List.of());
  }

  static Classes of(Consensus consensus, Collection<ModelDescriptor> models) {
    return new Classes(
        !consensus.labels().isEmpty()
            ? consensus.labels()
            : models.stream()
                .map(ModelDescriptor::labels)
                .filter(labels -> !labels.isEmpty())
                .findFirst()
                .orElse(List.of()));
  }

  /** Adds a violation for a model that could vote for a class that the others do not know. */
  void check(ModelDescriptor model, boolean given, Violations violations) {
    Set<String> known = new HashSet<>(declared);
    Set<String> own = new HashSet<>(model.labels());
    boolean fits = own.isEmpty() || (given ? known.containsAll(own) : known.equals(own));
    violations.require(
        fits,
        "",
        given
            ? "has classes that consensus.labels does not have"
            : "has other classes than the model before it",
        given ? "all of the model's labels in consensus.labels" : "models with the same labels");
  }

  /** How a model's outputs are read as labels: options of the reductions that do so. */
  Options reading(ModelDescriptor model, Consensus consensus) {
    Options options = Options.none();
    if (consensus.threshold().isPresent()) {
      options = options.with("threshold", consensus.threshold().get());
    }
    return model.labels().isEmpty() && !declared.isEmpty()
        ? options.with("labels", declared)
        : options;
  }

  /** The classes of the columns of a model's probabilities. */
  List<String> columns(ModelDescriptor model, int count) {
    if (!model.labels().isEmpty()) {
      return model.labels();
    }
    return declared.isEmpty()
        ? IntStream.range(0, count).mapToObj(Integer::toString).toList()
        : declared;
  }

  /** The declared classes, else those that occur in the votes. */
  List<String> orVoted(Collection<ModelVote> votes) {
    if (!declared.isEmpty()) {
      return declared;
    }
    Set<String> voted = new TreeSet<>();
    votes.forEach(vote -> voted.addAll(vote.labels()));
    voted.remove("");
    return voted.stream().allMatch(label -> label.matches("-?[0-9]{1,18}"))
        ? voted.stream().sorted(Comparator.comparing(Long::valueOf)).toList()
        : List.copyOf(voted);
  }
}
