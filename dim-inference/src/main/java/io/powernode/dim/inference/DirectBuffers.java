package io.powernode.dim.inference;

import io.powernode.dim.api.DimException;
import io.powernode.dim.api.ErrorCode;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Direct buffers that runs borrow, because making one costs more than a small model's whole run.
 * What is kept is bounded in number and size. Thread-safe.
 */
final class DirectBuffers {
  private static final int KEPT = 16;
  private static final int MIN_BYTES = 1 << 12;
  private static final int MAX_KEPT_BYTES = 1 << 22;

  private final ArrayBlockingQueue<ByteBuffer> idle = new ArrayBlockingQueue<>(KEPT);

  /** A buffer of at least {@code bytes} bytes, cleared; its old content is still in it. */
  ByteBuffer borrow(int bytes) {
    ByteBuffer buffer = idle.poll();
    if (buffer == null || buffer.capacity() < bytes) {
      return allocate(Math.max(MIN_BYTES, bytes));
    }
    return buffer.clear();
  }

  private static ByteBuffer allocate(int bytes) {
    try {
      return ByteBuffer.allocateDirect(bytes);
    } catch (OutOfMemoryError e) {
      // The JVM's limit for direct buffers; the heap is as well as before.
      throw new DimException(
          ErrorCode.INFERENCE_FAILED,
          "there is no direct memory for inputs of " + bytes + " bytes");
    }
  }

  /** Takes a buffer back that nothing refers to any more. */
  void giveBack(ByteBuffer buffer) {
    if (buffer.capacity() <= MAX_KEPT_BYTES) {
      idle.offer(buffer);
    }
  }
}
