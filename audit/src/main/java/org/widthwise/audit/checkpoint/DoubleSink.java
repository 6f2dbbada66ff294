package org.widthwise.audit.checkpoint;

import java.nio.ByteBuffer;

/** Takes values as doubles. */
final class DoubleSink implements Sink {

  private final ElementType type;
  private final double[] into;

  DoubleSink(ElementType type, double[] into) {
    this.type = type;
    this.into = into;
  }

  @Override
  public void put(ByteBuffer from, int position, int stride, int count, int at, int step) {
    if (stride == type.bytes() && step == 1) {
      type.decode(from, position, count, into, at);
    } else if (stride == type.bytes()) {
      double[] run = new double[count];
      type.decode(from, position, count, run, 0);
      for (int i = 0; i < count; i++) {
        into[at + i * step] = run[i];
      }
    } else {
      for (int i = 0; i < count; i++) {
        into[at + i * step] = type.value(from, position + i * stride);
      }
    }
  }
}
