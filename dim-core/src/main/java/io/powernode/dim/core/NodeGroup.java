package io.powernode.dim.core;

import io.powernode.dim.api.NodeRecord;
import java.util.AbstractList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.RandomAccess;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A set of nodes that is read far more often than its members change: reading by position costs
 * nothing, and the first read after a change copies the references once. Thread-safe.
 */
final class NodeGroup {
  private final Set<NodeEntry> members = new LinkedHashSet<>();
  private volatile NodeEntry @Nullable [] copy;

  synchronized void add(NodeEntry entry) {
    members.add(entry);
    copy = null;
  }

  /** Removes a member; whether the group is empty then. */
  synchronized boolean remove(NodeEntry entry) {
    members.remove(entry);
    copy = null;
    return members.isEmpty();
  }

  /** The members in the order in which they came, each as it stands when it is read. */
  List<NodeRecord> at(long now) {
    NodeEntry[] entries = copy;
    return new View(entries == null ? refresh() : entries, now);
  }

  private synchronized NodeEntry[] refresh() {
    NodeEntry[] entries = members.toArray(NodeEntry[]::new);
    copy = entries;
    return entries;
  }

  private static final class View extends AbstractList<NodeRecord> implements RandomAccess {
    private final NodeEntry[] entries;
    private final long now;

    View(NodeEntry[] entries, long now) {
      this.entries = entries;
      this.now = now;
    }

    @Override
    public NodeRecord get(int index) {
      return entries[index].state().at(now);
    }

    @Override
    public int size() {
      return entries.length;
    }
  }
}
