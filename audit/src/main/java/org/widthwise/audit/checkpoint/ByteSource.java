package org.widthwise.audit.checkpoint;

import java.nio.ByteBuffer;

/** Bytes that tensors' values are read from, several threads at a time. */
interface ByteSource {

  /**
   * Reads until a buffer is full.
   *
   * @param position the offset of the first byte
   * @param into filled from its position to its limit
   * @throws org.widthwise.audit.MalformedFileException when there are fewer bytes or reading fails
   */
  void read(long position, ByteBuffer into);
}
