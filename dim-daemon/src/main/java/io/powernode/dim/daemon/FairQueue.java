package io.powernode.dim.daemon;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A bounded queue that serves its requesters in turn, each one's elements in their order, so that
 * nobody waits behind all that somebody else sent. Not thread-safe.
 */
final class FairQueue<T> {
  private final int capacity;

  /** The requester whose turn it is comes first; nobody stands here with nothing waiting. */
  private final Map<String, Set<T>> waiting = new LinkedHashMap<>();

  private int size;

  FairQueue(int capacity) {
    this.capacity = capacity;
  }

  int size() {
    return size;
  }

  /** Adds an element; false if the queue is full. */
  boolean offer(String requester, T element) {
    if (size >= capacity) {
      return false;
    }
    if (waiting.computeIfAbsent(requester, r -> new LinkedHashSet<>()).add(element)) {
      size++;
    }
    return true;
  }

  /** Takes the element whose turn it is. */
  Optional<T> poll() {
    Iterator<Map.Entry<String, Set<T>>> turns = waiting.entrySet().iterator();
    if (!turns.hasNext()) {
      return Optional.empty();
    }
    Map.Entry<String, Set<T>> turn = turns.next();
    String requester = turn.getKey();
    Set<T> elements = turn.getValue();
    turns.remove();
    Iterator<T> first = elements.iterator();
    T element = first.next();
    first.remove();
    size--;
    if (!elements.isEmpty()) {
      waiting.put(requester, elements);
    }
    return Optional.of(element);
  }

  /** Takes elements of a kind out of their turn, at most so many. */
  List<T> take(Predicate<T> kind, int most) {
    List<T> taken = new ArrayList<>();
    Iterator<Set<T>> requesters = waiting.values().iterator();
    while (requesters.hasNext() && taken.size() < most) {
      Set<T> elements = requesters.next();
      Iterator<T> each = elements.iterator();
      while (each.hasNext() && taken.size() < most) {
        T element = each.next();
        if (kind.test(element)) {
          each.remove();
          taken.add(element);
        }
      }
      if (elements.isEmpty()) {
        requesters.remove();
      }
    }
    size -= taken.size();
    return taken;
  }

  /** Takes an element out of its turn; false if it does not wait. */
  boolean remove(String requester, T element) {
    Set<T> elements = waiting.getOrDefault(requester, Set.of());
    if (!elements.contains(element)) {
      return false;
    }
    elements.remove(element);
    size--;
    if (elements.isEmpty()) {
      waiting.remove(requester);
    }
    return true;
  }
}
