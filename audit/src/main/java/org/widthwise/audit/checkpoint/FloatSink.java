package org.widthwise.audit.checkpoint;

import java.nio.ByteBuffer;

/** Takes values as floats. */
final class FloatSink implements Sink {

  private final ElementType type;
  private final float[] into;

  FloatSink(ElementType type, float[] into) {
    this.type = type;
    this.into = into;
  }

  @Override
  public void put(ByteBuffer from, int position, int stride, int count, int at, int step) {
    if (stride == type.bytes() && step == 1) {
      type.decode(from, position, count, into, at);
    } else if (stride == type.bytes()) {
      float[] run = new float[count];
      type.decode(from, position, count, run, 0);
      for (int i = 0; i < count; i++) {
        into[at + i * step] = run[i];
      }
    } else {
      for (int i = 0; i < count; i++) {
        into[at + i * step] = (float) type.value(from, position + i * stride);
      }
    }
  }
}
