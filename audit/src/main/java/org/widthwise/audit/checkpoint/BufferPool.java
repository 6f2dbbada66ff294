package org.widthwise.audit.checkpoint;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A checkpoint's buffers: as many as threads have read at one time. */
final class BufferPool {

  /** A quarter of a common second-level cache, and far above the cost of a system call. */
  static final int BUFFER_BYTES = 1 << 18;

  private final ConcurrentLinkedQueue<ByteBuffer> free = new ConcurrentLinkedQueue<>();

  ByteBuffer take() {
    ByteBuffer buffer = free.poll();
    // Direct, or the channel would copy by way of one that it keeps for each thread.
    return buffer == null ? ByteBuffer.allocateDirect(BUFFER_BYTES) : buffer;
  }

  void giveBack(ByteBuffer buffer) {
    free.add(buffer);
  }
}
