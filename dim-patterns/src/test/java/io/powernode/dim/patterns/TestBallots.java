package io.powernode.dim.patterns;

import com.fasterxml.jackson.databind.JsonNode;
import io.powernode.dim.spi.ConsensusRule.Ballot;
import io.powernode.dim.spi.ConsensusRule.Ballots;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Ballots written as letters or read from a file. */
final class TestBallots {
  private static final List<String> LABELS = List.of("a", "b", "c", "d", "e");

  private TestBallots() {}

  /** One model for each text; its letters are the votes on the rows, "-" an abstention. */
  static Ballots ballots(double[] reputations, String... votes) {
    List<Ballot> ballots = new ArrayList<>();
    for (int i = 0; i < votes.length; i++) {
      int[] indexes = votes[i].chars().map(c -> c == '-' ? Ballot.ABSTAIN : c - 'a').toArray();
      ballots.add(new Ballot("m" + i, reputations[i], indexes, Optional.empty()));
    }
    return new Ballots(
        IntStream.range(0, votes[0].length()).mapToObj(i -> "r" + i).toList(), LABELS, ballots);
  }

  static Ballots ballots(String... votes) {
    double[] ones = new double[votes.length];
    Arrays.fill(ones, 1);
    return ballots(ones, votes);
  }

  /** Workers are models, tasks are rows, and everything stands in sorted order. */
  static Ballots crowd(JsonNode answers) {
    TreeMap<String, Map<String, String>> workers = new TreeMap<>();
    TreeSet<String> tasks = new TreeSet<>();
    TreeSet<String> labels = new TreeSet<>();
    for (JsonNode answer : answers) {
      String task = answer.get("task").asText();
      String label = answer.get("label").asText();
      workers
          .computeIfAbsent(answer.get("worker").asText(), worker -> new TreeMap<>())
          .put(task, label);
      tasks.add(task);
      labels.add(label);
    }
    List<String> classes = List.copyOf(labels);
    List<Ballot> ballots = new ArrayList<>();
    workers.forEach(
        (worker, votes) -> {
          int[] indexes =
              tasks.stream()
                  .mapToInt(task -> votes.containsKey(task) ? classes.indexOf(votes.get(task)) : -1)
                  .toArray();
          ballots.add(new Ballot(worker, 1, indexes, Optional.empty()));
        });
    return new Ballots(List.copyOf(tasks), classes, ballots);
  }
}
