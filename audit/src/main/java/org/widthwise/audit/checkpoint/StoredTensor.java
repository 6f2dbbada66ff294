package org.widthwise.audit.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;

/**
 * A tensor whose elements lie in a source at regular distances.
 *
 * @param name its name
 * @param shape its dimensions
 * @param dtype its type, as the format names it
 * @param values where and how the elements lie
 * @param pool buffers to read by
 */
record StoredTensor(
    String name, List<Long> shape, String dtype, StoredValues values, BufferPool pool)
    implements CheckpointTensor {

  /**
   * A tensor's elements.
   *
   * @param source the bytes
   * @param start the offset of the first element
   * @param type what the elements are
   * @param order the order of an element's bytes
   * @param layout where the elements lie from there
   */
  record StoredValues(
      ByteSource source, long start, ElementType type, ByteOrder order, StridedLayout layout) {}

  StoredTensor {
    shape = List.copyOf(shape);
  }

  /** A tensor whose elements lie in logical order, the lowest byte first. */
  static StoredTensor contiguous(
      String name,
      List<Long> shape,
      ElementType type,
      ByteSource source,
      long start,
      BufferPool pool) {
    long elements = shape.stream().reduce(1L, (a, b) -> a * b);
    StoredValues values =
        new StoredValues(
            source, start, type, ByteOrder.LITTLE_ENDIAN, StridedLayout.contiguous(elements));
    return new StoredTensor(name, shape, type.name(), values, pool);
  }

  @Override
  public long bytes() {
    return values.layout().elements() * values.type().bytes();
  }

  @Override
  public void read(long first, float[] into, int count) {
    check(first, into.length, count);
    read(first, count, new FloatSink(values.type(), into));
  }

  @Override
  public void read(long first, double[] into, int count) {
    check(first, into.length, count);
    read(first, count, new DoubleSink(values.type(), into));
  }

  private void check(long first, int room, int count) {
    Objects.checkFromIndexSize(first, count, values.layout().elements());
    Objects.checkFromIndexSize(0, count, room);
  }

  private void read(long first, int count, Sink sink) {
    ByteBuffer buffer = pool.take().order(values.order());
    try {
      if (values.layout().isContiguous()) {
        readRun(buffer, values.start() + first * values.type().bytes(), count, sink);
      } else {
        new StridedReader(values, buffer, sink).read(first, count);
      }
    } finally {
      pool.giveBack(buffer);
    }
  }

  private void readRun(ByteBuffer buffer, long position, int count, Sink sink) {
    int size = values.type().bytes();
    int most = buffer.capacity() / size;
    for (int done = 0; done < count; ) {
      int now = Math.min(most, count - done);
      buffer.clear().limit(now * size);
      values.source().read(position + (long) done * size, buffer);
      sink.put(buffer, 0, size, now, done, 1);
      done += now;
    }
  }
}
