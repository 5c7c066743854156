package io.powernode.dim.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.powernode.dim.api.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes the elements of numeric and truth tensors, each as short as it can be read back. */
final class ElementWriter {

  /** The greatest magnitude up to which every reader of JSON knows all integers. */
  private static final long SAFE = 1L << 53;

  private ElementWriter() {}

  static void write(Tensor tensor, JsonGenerator out) throws IOException {
    out.writeStartArray();
    switch (tensor.dataType()) {
      case FP64 -> {
        for (double value : tensor.toDoubles()) {
          out.writeNumber(value);
        }
      }
      case FP16, BF16, FP32 -> {
        for (double value : tensor.toDoubles()) {
          out.writeNumber((float) value);
        }
      }
      default -> {
        ByteBuffer bytes = tensor.data();
        while (bytes.hasRemaining()) {
          whole(tensor, bytes, out);
        }
      }
    }
    out.writeEndArray();
  }

  private static void whole(Tensor tensor, ByteBuffer bytes, JsonGenerator out) throws IOException {
    switch (tensor.dataType()) {
      case BOOL -> out.writeBoolean(bytes.get() != 0);
      case UINT8 -> out.writeNumber(bytes.get() & 0xff);
      case INT8 -> out.writeNumber((int) bytes.get());
      case UINT16 -> out.writeNumber(bytes.getShort() & 0xffff);
      case INT16 -> out.writeNumber((int) bytes.getShort());
      case UINT32 -> out.writeNumber(bytes.getInt() & 0xffffffffL);
      case INT32 -> out.writeNumber(bytes.getInt());
      case UINT64 -> wide(bytes.getLong(), true, out);
      case INT64 -> wide(bytes.getLong(), false, out);
      default -> throw new IllegalStateException("these elements are written elsewhere");
    }
  }

  private static void wide(long bits, boolean unsigned, JsonGenerator out) throws IOException {
    if (bits >= -SAFE && bits <= SAFE && !(unsigned && bits < 0)) {
      out.writeNumber(bits);
    } else {
      out.writeString(unsigned ? Long.toUnsignedString(bits) : Long.toString(bits));
    }
  }
}
