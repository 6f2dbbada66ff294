package org.widthwise.audit.checkpoint;

import java.nio.ByteBuffer;

/** Where decoded values go. */
sealed interface Sink permits FloatSink, DoubleSink {

  /**
   * Decodes elements out of a buffer.
   *
   * @param from the buffer, its order of bytes the file's
   * @param position the byte at which the first element begins
   * @param stride the bytes from one element's begin to the next one's
   * @param count how many elements
   * @param at the index at which the first value goes
   * @param step the difference of two values' indices
   */
  void put(ByteBuffer from, int position, int stride, int count, int at, int step);
}
