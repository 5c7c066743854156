package io.powernode.dim.testkit;

import io.powernode.dim.spi.Commit;
import io.powernode.dim.spi.Commit.Guard;
import io.powernode.dim.spi.CommitResult;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A call of a store and its answer, as whoever called saw them. */
sealed interface StoreCall {
  /** The number of a commit whose answer was lost. */
  long NUMBER_NOT_KNOWN = -1;

  /** What a store does that is called by one at a time; empty if it would have answered else. */
  Optional<State> after(State before);

  /**
   * What such a store holds.
   *
   * @param entries what is under each key
   * @param numbers of the last change of each stream
   * @param ended the sessions that were closed
   */
  record State(Map<String, Value> entries, Map<String, Long> numbers, Set<Long> ended) {
    public State {
      entries = Map.copyOf(entries);
      numbers = Map.copyOf(numbers);
      ended = Set.copyOf(ended);
    }

    static State empty() {
      return new State(Map.of(), Map.of(), Set.of());
    }

    private boolean holds(Guard guard) {
      if (guard instanceof Guard.Absent absent) {
        return !entries.containsKey(absent.key());
      } else if (guard instanceof Guard.AtVersion at) {
        Value value = entries.get(at.key());
        return value != null && value.version == at.version();
      } else if (guard instanceof Guard.LiveSession live) {
        return !ended.contains(live.epoch());
      }
      return ended.contains(((Guard.EndedSession) guard).epoch());
    }

    private State with(Commit commit) {
      Map<String, Value> changed = new HashMap<>(entries);
      for (Commit.Write write : commit.writes()) {
        if (write instanceof Commit.Write.Put put) {
          long version = changed.containsKey(put.key()) ? changed.get(put.key()).version + 1 : 1;
          changed.put(put.key(), Value.of(version, put.value().bytes()));
        } else {
          changed.remove(write.key());
        }
      }
      Map<String, Long> counted = new HashMap<>(numbers);
      counted.merge(commit.stream(), 1L, Long::sum);
      return new State(changed, counted, ended);
    }
  }

  /** What is under a key. */
  record Value(long version, String text) {
    static Value of(long version, byte[] bytes) {
      return new Value(version, new String(bytes, StandardCharsets.UTF_8));
    }
  }

  /** A commit that was answered. */
  record Committing(Commit commit, CommitResult result) implements StoreCall {
    @Override
    public Optional<State> after(State before) {
      Optional<Guard> failed = commit.guards().stream().filter(g -> !before.holds(g)).findFirst();
      if (result instanceof CommitResult.Conflict conflict) {
        return failed.filter(conflict.failed()::equals).map(guard -> before);
      }
      if (result instanceof CommitResult.Refused) {
        return Optional.of(before);
      }
      State after = before.with(commit);
      long number = ((CommitResult.Committed) result).at();
      boolean isNumbered =
          number == NUMBER_NOT_KNOWN || after.numbers.get(commit.stream()) == number;
      return failed.isEmpty() && isNumbered ? Optional.of(after) : Optional.empty();
    }
  }

  /** What was read under a key, if anything. */
  record Reading(String key, Optional<Value> value) implements StoreCall {
    @Override
    public Optional<State> after(State before) {
      boolean fits = Optional.ofNullable(before.entries.get(key)).equals(value);
      return fits ? Optional.of(before) : Optional.empty();
    }
  }

  /** A session that was closed. */
  record Closing(long epoch) implements StoreCall {
    @Override
    public Optional<State> after(State before) {
      Set<Long> ended = new HashSet<>(before.ended);
      ended.add(epoch);
      return Optional.of(new State(before.entries, before.numbers, ended));
    }
  }
}
