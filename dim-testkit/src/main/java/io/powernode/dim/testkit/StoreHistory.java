package io.powernode.dim.testkit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Calls of a store by several threads, and whether they are linearizable: whether each could have
 * taken effect at one moment between its begin and its end, one after the other. The search is that
 * of J. Wing and C. Gong, "Testing and Verifying Concurrent Objects", Journal of Parallel and
 * Distributed Computing 17, 1993, with the memory of states already seen of G. Lowe, "Testing for
 * Linearizability", Concurrency and Computation 29(4), 2017.
 */
final class StoreHistory {
  static final int MOST = 63;

  private final List<Happening> calls = new ArrayList<>();

  /**
   * A call and when it was.
   *
   * @param begin on a clock that all threads share
   * @param end on the same clock
   * @param sequence the stream in which calls of one thread keep their order although they overlap;
   *     empty if they need not
   */
  record Happening(StoreCall call, long begin, long end, Optional<String> sequence) {
    private boolean isBefore(Happening other) {
      return end < other.begin
          || sequence.isPresent() && sequence.equals(other.sequence) && begin < other.begin;
    }
  }

  synchronized void add(Happening call) {
    calls.add(call);
  }

  /** The calls in the order in which they began. */
  synchronized List<Happening> calls() {
    return calls.stream().sorted(Comparator.comparingLong(Happening::begin)).toList();
  }

  boolean isLinearizable() {
    List<Happening> all = calls();
    if (all.size() > MOST) {
      throw new IllegalStateException("calls: are too many; allowed: " + MOST);
    }
    long[] before = new long[all.size()];
    for (int i = 0; i < all.size(); i++) {
      for (int j = 0; j < all.size(); j++) {
        if (i != j && all.get(j).isBefore(all.get(i))) {
          before[i] |= 1L << j;
        }
      }
    }
    return search(all, before, 0, StoreCall.State.empty(), new HashSet<>());
  }

  /** Calls that were placed, and what the store holds then. */
  private record Seen(long placed, StoreCall.State state) {}

  private static boolean search(
      List<Happening> all, long[] before, long placed, StoreCall.State state, Set<Seen> seen) {
    if (placed == (1L << all.size()) - 1) {
      return true;
    }
    if (!seen.add(new Seen(placed, state))) {
      return false;
    }
    for (int i = 0; i < all.size(); i++) {
      boolean isNext = (placed & 1L << i) == 0 && (before[i] & ~placed) == 0;
      Optional<StoreCall.State> after = isNext ? all.get(i).call().after(state) : Optional.empty();
      if (after.isPresent() && search(all, before, placed | 1L << i, after.get(), seen)) {
        return true;
      }
    }
    return false;
  }
}
