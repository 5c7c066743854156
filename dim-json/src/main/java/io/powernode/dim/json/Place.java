package io.powernode.dim.json;

import org.jspecify.annotations.Nullable;

/** Where in a document something stands. The text is made only when somebody wants to see it. */
final class Place {

  static final Place ROOT = new Place(null, "", -1);

  private final @Nullable Place parent;
  private final String name;
  private final int index;

  private Place(@Nullable Place parent, String name, int index) {
    this.parent = parent;
    this.name = name;
    this.index = index;
  }

  Place field(String fieldName) {
    return new Place(this, fieldName, -1);
  }

  Place item(int position) {
    return new Place(this, "", position);
  }

  /** The path as violations have it: {@code config.pipeline[1].timeout}; empty for the root. */
  @Override
  public String toString() {
    StringBuilder path = new StringBuilder();
    appendTo(path);
    return path.toString();
  }

  private void appendTo(StringBuilder path) {
    if (parent == null) {
      return;
    }
    parent.appendTo(path);
    if (index >= 0) {
      path.append('[').append(index).append(']');
    } else {
      path.append(path.isEmpty() ? "" : ".").append(name);
    }
  }
}
