package io.powernode.dim.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a document into the tree that {@link Json} describes, strictly and within limits. */
final class TreeReader {

  /** The limits are checked here, where the path is known, and not by the parser. */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(2 * Limits.STORAGE_DEPTH)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final JsonParser parser;
  private final Limits limits;
  private final Reading in;
  private int values;

  private TreeReader(JsonParser parser, Limits limits, Reading in) {
    this.parser = parser;
    this.limits = limits;
    this.in = in;
  }

  /**
   * The document's tree.
   *
   * @throws StopReading if it is not JSON or beyond a limit; the reading has the violation
   */
  static Object read(String text, Limits limits, Reading in) {
    if (text.length() > limits.document()) {
      throw in.stop(Place.ROOT, "is too large", "at most " + limits.document() + " bytes");
    }
    try (JsonParser parser = FACTORY.createParser(text)) {
      return new TreeReader(parser, limits, in).document();
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory cannot fail to be read", e);
    }
  }

  private Object document() throws IOException {
    try {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw in.stop(Place.ROOT, "is empty", "one JSON value");
      }
      Object tree = value(first, Place.ROOT, 0);
      if (parser.nextToken() != null) {
        throw in.stop(Place.ROOT, "goes on after its end", "one JSON value");
      }
      return tree;
    } catch (JsonProcessingException e) {
      // The parser's own message may quote the document.
      JsonLocation at = e.getLocation();
      throw in.stop(
          place(parser.getParsingContext()),
          "is not JSON at line " + at.getLineNr() + ", column " + at.getColumnNr(),
          "JSON as RFC 8259 has it, without NaN, infinities or comments");
    }
  }

  /** Where the parser itself found a mistake. */
  private static Place place(JsonStreamContext context) {
    if (context.inRoot()) {
      return Place.ROOT;
    }
    Place parent = place(context.getParent());
    if (context.hasCurrentName()) {
      String name = context.getCurrentName();
      return name.length() > Limits.NAME ? parent : parent.field(name);
    }
    return context.hasCurrentIndex() ? parent.item(context.getCurrentIndex()) : parent;
  }

  private Object value(JsonToken token, Place at, int depth) throws IOException {
    if (++values > limits.values()) {
      throw in.stop(at, "is one value too many", "at most " + limits.values() + " values");
    }
    return switch (token) {
      case START_OBJECT -> object(at, deeper(at, depth));
      case START_ARRAY -> array(at, deeper(at, depth));
      case VALUE_STRING -> text(at);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(token, at);
      case VALUE_TRUE -> Boolean.TRUE;
      case VALUE_FALSE -> Boolean.FALSE;
      case VALUE_NULL -> Json.NULL;
      default -> throw new IllegalStateException("no value begins with " + token);
    };
  }

  private int deeper(Place at, int depth) {
    if (depth == limits.depth()) {
      throw in.stop(at, "is nested too deeply", "at most " + limits.depth() + " levels");
    }
    return depth + 1;
  }

  private Map<String, Object> object(Place at, int depth) throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      if (name.length() > Limits.NAME) {
        throw in.stop(at, "has a field name that is too long", "at most " + Limits.NAME);
      }
      Place field = at.field(name);
      requireWellFormed(name, at);
      Object value = value(parser.nextToken(), field, depth);
      if (fields.putIfAbsent(name, value) != null) {
        in.refuse(field, "is there twice", "each field once");
      }
    }
    return fields;
  }

  private List<Object> array(Place at, int depth) throws IOException {
    List<Object> items = new ArrayList<>();
    for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
      items.add(value(t, at.item(items.size()), depth));
    }
    return items;
  }

  private String text(Place at) throws IOException {
    String text = parser.getText();
    if (text.length() > limits.text()) {
      throw in.stop(at, "is too long", "at most " + limits.text() + " characters");
    }
    requireWellFormed(text, at);
    return text;
  }

  private Object number(JsonToken token, Place at) throws IOException {
    int length = parser.getTextLength();
    if (length > Limits.NUMBER) {
      throw in.stop(at, "is too long a number", "at most " + Limits.NUMBER + " characters");
    }
    String text = parser.getText();
    if (token == JsonToken.VALUE_NUMBER_INT && length <= 20 && !text.equals("-0")) {
      try {
        return Long.valueOf(text);
      } catch (NumberFormatException e) {
        return new Json.Numeral(text);
      }
    }
    return new Json.Numeral(text);
  }

  private void requireWellFormed(String text, Place at) {
    if (!Json.isWellFormed(text)) {
      in.refuse(at, "holds half of a surrogate pair", "Unicode text");
    }
  }
}
