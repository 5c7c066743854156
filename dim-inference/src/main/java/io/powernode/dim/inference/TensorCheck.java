package io.powernode.dim.inference;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Optional;

/**
 * Checks that a constant in a model file has the bytes that its shape claims, in the file or in
 * external data: onnx.proto's TensorProto, ONNX 1.21.
 */
final class TensorCheck {
  /** Longer lists of integers are no shapes. */
  private static final int MAX_RANK = 64;

  private final ExternalData external;
  private final OnnxTexts texts;

  TensorCheck(ExternalData external, OnnxTexts texts) {
    this.external = external;
    this.texts = texts;
  }

  /**
   * What is known of a checked tensor.
   *
   * @param name may be empty
   * @param shapeElements how many elements a tensor has whose shape this one lists; 0 where it
   *     lists none
   * @param hasAlteredText whether it has a text that the runtime would alter, see {@link OnnxTexts}
   */
  record Constant(String name, long shapeElements, boolean hasAlteredText) {}

  Constant check(WireMessage tensor) {
    Claim claim = new Claim();
    while (tensor.next()) {
      switch (tensor.field()) {
        case 1 -> tensor.numbers(claim::dimension);
        case 2 -> claim.type = ElementType.of(tensor.number());
        case 4 -> claim.values += tensor.length() / Float.BYTES;
        case 5, 11 -> claim.values += tensor.isBytes() ? tensor.length() : 1;
        case 7 -> {
          claim.values += tensor.isBytes() ? tensor.length() : 1;
          if (claim.values <= MAX_RANK * 10) {
            tensor.numbers(claim::listed);
          }
        }
        case 6 -> {
          claim.values++;
          claim.hasAlteredText |= texts.plain(tensor.bytes()).isEmpty();
        }
        case 8 -> claim.name = tensor.text(GraphWalk.MAX_NAME);
        case 9 -> {
          claim.rawBytes = tensor.length();
          claim.hasRaw = true;
          if (claim.rawBytes <= MAX_RANK * Long.BYTES) {
            claim.raw = tensor.bytes();
          }
        }
        case 10 -> claim.values += tensor.length() / Double.BYTES;
        case 13 -> claim.external.add(tensor.message());
        case 14 -> claim.isExternal = tensor.number() == 1;
        default -> {}
      }
    }
    verify(claim);
    return new Constant(claim.name, claim.shapeElements(), claim.hasAlteredText);
  }

  private void verify(Claim claim) {
    ElementType type =
        claim.type.orElseThrow(
            () -> claim.refusal("is of an element type that ONNX does not have"));
    if (claim.hasNegative) {
      throw claim.refusal("has a negative dimension");
    }
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
    private boolean hasNegative;
    private boolean hasAlteredText;
    private boolean isExternal;
    private boolean hasRaw;
    private long rawBytes;
    private long values;
    private byte[] raw = {};
    private long product = 1;

    void dimension(long size) {
      hasNegative |= size < 0;
      // Saturated: a claim that large is refused, whatever it is exactly.
      elements = multiply(elements, Math.max(0, size));
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

    /** Takes the next of the numbers that the tensor lists. */
    void listed(long number) {
      product = multiply(product, Math.max(0, number));
    }

    long shapeElements() {
      if (!type.equals(Optional.of(ElementType.INT64)) || isExternal) {
        return 0;
      }
      LongBuffer longs = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
      while (longs.hasRemaining()) {
        listed(longs.get());
      }
      return product;
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
