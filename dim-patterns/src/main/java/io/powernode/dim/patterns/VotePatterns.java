package io.powernode.dim.patterns;

import io.powernode.dim.spi.ConsensusRule.Ballot;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The different ways in which models vote on a row. Few models have far fewer of them than there
 * are rows, and rows that were voted on alike need to be worked on once.
 *
 * @param votes for each pattern one vote a model
 * @param voters how many models did not abstain
 * @param rows how many rows have each pattern
 * @param ofRow the pattern of each row
 */
record VotePatterns(List<int[]> votes, int[] voters, int[] rows, int[] ofRow) {

  static VotePatterns of(List<Ballot> models, int rows) {
    Map<IntBuffer, Integer> known = new HashMap<>();
    List<int[]> votes = new ArrayList<>();
    int[] ofRow = new int[rows];
    for (int row = 0; row < rows; row++) {
      int[] onRow = new int[models.size()];
      for (int model = 0; model < onRow.length; model++) {
        onRow[model] = models.get(model).vote(row);
      }
      Integer pattern = known.putIfAbsent(IntBuffer.wrap(onRow), votes.size());
      ofRow[row] = pattern == null ? votes.size() : pattern;
      if (pattern == null) {
        votes.add(onRow);
      }
    }
    int[] counts = new int[votes.size()];
    for (int pattern : ofRow) {
      counts[pattern]++;
    }
    return new VotePatterns(
        votes, votes.stream().mapToInt(VotePatterns::voters).toArray(), counts, ofRow);
  }

  private static int voters(int[] votes) {
    return (int) Arrays.stream(votes).filter(vote -> vote != Ballot.ABSTAIN).count();
  }
}
