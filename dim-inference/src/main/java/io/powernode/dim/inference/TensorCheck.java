package io.powernode.dim.inference;

import java.util.Optional;

/**
 * Checks that a constant in a model file has the bytes that its shape claims, in the file or in
 * external data: onnx.proto's TensorProto, ONNX 1.21.
 */
final class TensorCheck {
  private final ExternalData external;

  TensorCheck(ExternalData external) {
    this.external = external;
  }

  /** Checks a tensor and returns its name, which may be empty. */
  String check(WireMessage tensor) {
    Claim claim = new Claim();
    while (tensor.next()) {
      switch (tensor.field()) {
        case 1 -> tensor.numbers(claim::dimension);
        case 2 -> claim.type = ElementType.of(tensor.number());
        case 4 -> claim.values += tensor.length() / Float.BYTES;
        case 5, 7, 11 -> claim.values += tensor.isBytes() ? tensor.length() : 1;
        case 6 -> claim.values++;
        case 8 -> claim.name = tensor.text(GraphWalk.MAX_NAME);
        case 9 -> {
          claim.rawBytes = tensor.length();
          claim.hasRaw = true;
        }
        case 10 -> claim.values += tensor.length() / Double.BYTES;
        case 13 -> claim.external.add(tensor.message());
        case 14 -> claim.isExternal = tensor.number() == 1;
        default -> {}
      }
    }
    verify(claim);
    return claim.name;
  }

  private void verify(Claim claim) {
    ElementType type =
        claim.type.orElseThrow(
            () -> claim.refusal("is of an element type that ONNX does not have"));
    if (claim.isExternal || claim.external.isStated()) {
      external.require(claim.name, claim.external, claim.bytes(type));
    } else if (claim.hasRaw) {
      if (claim.rawBytes != claim.bytes(type)) {
        throw claim.refusal("does not hold the bytes that its shape needs");
      }
    } else if (claim.elements > claim.capacity(type)) {
      throw claim.refusal("holds fewer elements than its shape needs");
    }
  }

  /** What one tensor claims, and what it brings. */
  private static final class Claim {
    private final ExternalEntries external = new ExternalEntries();
    private String name = "";
    private Optional<ElementType> type = Optional.empty();
    private long elements = 1;
    private boolean isExternal;
    private boolean hasRaw;
    private long rawBytes;
    private long values;

    void dimension(long size) {
      if (size < 0) {
        throw refusal("has a negative dimension");
      }
      // Saturated: a claim that large is refused, whatever it is exactly.
      elements = multiply(elements, size);
    }

    /** The bytes that the elements need, rounded up where elements are smaller than a byte. */
    long bytes(ElementType type) {
      if (type == ElementType.STRING) {
        throw refusal("keeps strings where only numbers can be");
      }
      long bits = multiply(elements, type.bits());
      return bits / 8 + (bits % 8 == 0 ? 0 : 1);
    }

    /** At most so many elements are in the typed fields; small types may share a value. */
    long capacity(ElementType type) {
      return type == ElementType.STRING ? values : multiply(values, Math.max(1, 8 / type.bits()));
    }

    RuntimeException refusal(String problem) {
      return Refusals.invalid("the model's constant '" + name + "' " + problem);
    }

    private static long multiply(long a, long b) {
      long high = Math.multiplyHigh(a, b);
      return high != 0 || a * b < 0 ? Long.MAX_VALUE : a * b;
    }
  }
}
