package io.powernode.dim.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;

/**
 * A part of a document as it is, for a reader that must know something else before it can read it.
 *
 * @param json as {@link Json} describes it
 */
record Tree(Object json) {

  /** Takes anything. */
  static final class TreeCodec extends Codec<Tree> {

    static final TreeCodec INSTANCE = new TreeCodec();

    private TreeCodec() {}

    @Override
    Tree read(Object json, Place at, Reading in) {
      return new Tree(json);
    }

    @Override
    void write(Tree value, JsonGenerator out, Form form) throws IOException {
      throw new IllegalStateException("a tree is only read");
    }

    @Override
    String allowed() {
      return "an object";
    }

    @Override
    Tree standIn(Reading in) {
      return new Tree(Map.of());
    }
  }
}
