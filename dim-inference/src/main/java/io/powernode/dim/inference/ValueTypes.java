package io.powernode.dim.inference;

import io.powernode.dim.inference.OnnxValue.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the types of inputs and outputs: onnx.proto's TypeProto, ONNX 1.21. */
final class ValueTypes {
  private static final int MAX_RANK = 64;

  private ValueTypes() {}

  /** The type half of an {@link OnnxValue}. */
  record ParsedType(
      String name, Form form, Optional<ElementType> element, Optional<List<Long>> shape) {
    static final ParsedType ABSENT = other("no stated type");

    static ParsedType other(String name) {
      return new ParsedType(name, Form.OTHER, Optional.empty(), Optional.empty());
    }
  }

  static ParsedType parse(WireMessage type) {
    ParsedType parsed = ParsedType.ABSENT;
    while (type.next()) {
      switch (type.field()) {
        case 1 -> parsed = tensor(type.message());
        case 4 -> parsed = sequence(type.message());
        case 5 -> parsed = map(type.message());
        case 7 -> parsed = ParsedType.other("opaque");
        case 8 -> parsed = ParsedType.other("sparse tensor");
        case 9 -> parsed = ParsedType.other("optional(" + element(type.message()).name() + ")");
        default -> {}
      }
    }
    return parsed;
  }

  private static ParsedType tensor(WireMessage tensor) {
    Optional<ElementType> element = Optional.empty();
    Optional<List<Long>> shape = Optional.empty();
    while (tensor.next()) {
      switch (tensor.field()) {
        case 1 -> element = ElementType.of(tensor.number());
        case 2 -> shape = Optional.of(shape(tensor.message()));
        default -> {}
      }
    }
    String name = "tensor(" + element.map(ElementType::onnxName).orElse("unknown") + ")";
    return new ParsedType(name, Form.TENSOR, element, shape);
  }

  private static ParsedType sequence(WireMessage sequence) {
    ParsedType of = element(sequence);
    String name = "sequence(" + of.name() + ")";
    return of.form() == Form.MAP
        ? new ParsedType(name, Form.MAP_SEQUENCE, of.element(), Optional.empty())
        : ParsedType.other(name);
  }

  /** Sequence and Optional have their element's type in the same field. */
  private static ParsedType element(WireMessage holder) {
    ParsedType of = ParsedType.ABSENT;
    while (holder.next()) {
      if (holder.field() == 1) {
        of = parse(holder.message());
      }
    }
    return of;
  }

  private static ParsedType map(WireMessage map) {
    Optional<ElementType> key = Optional.empty();
    ParsedType value = ParsedType.ABSENT;
    while (map.next()) {
      switch (map.field()) {
        case 1 -> key = ElementType.of(map.number());
        case 2 -> value = parse(map.message());
        default -> {}
      }
    }
    String keyName = key.map(ElementType::onnxName).orElse("unknown");
    boolean labels = key.filter(k -> k == ElementType.INT64 || k == ElementType.STRING).isPresent();
    boolean numbers = value.element().equals(Optional.of(ElementType.FLOAT));
    String name = "map(" + keyName + ", " + value.name() + ")";
    return labels && numbers
        ? new ParsedType(name, Form.MAP, value.element(), Optional.empty())
        : ParsedType.other(name);
  }

  private static List<Long> shape(WireMessage shape) {
    List<Long> dimensions = new ArrayList<>();
    while (shape.next()) {
      if (shape.field() == 1) {
        if (dimensions.size() == MAX_RANK) {
          throw Refusals.malformed("a shape has more than " + MAX_RANK + " dimensions");
        }
        dimensions.add(dimension(shape.message()));
      }
    }
    return dimensions;
  }

  private static long dimension(WireMessage dimension) {
    long value = -1;
    while (dimension.next()) {
      if (dimension.field() == 1) {
        value = Math.max(-1, dimension.number());
      }
    }
    return value;
  }
}
