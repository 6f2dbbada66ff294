package org.widthwise.audit.checkpoint;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.widthwise.audit.checkpoint.StoredTensor.StoredValues;

/**
 * Reads elements that do not lie in logical order: a transposed matrix, every second column.
 *
 * <p>A range of logical indices is cut into boxes, at most one for a dimension's begin, middle and
 * end, and a box is walked in the order in which its elements lie, so that the source is read from
 * front to back and each piece of it once.
 */
final class StridedReader {

  /** Elements at least this far apart, in bytes, are fetched without what lies between. */
  private static final int FAR = 4096;

  /** Where a box fills less than one part in so many of the bytes it spans, only runs are read. */
  private static final int SPARSE = 16;

  private final StoredValues values;
  private final int size;
  private final ByteBuffer buffer;
  private final Sink sink;
  private final long[] sizes;
  private final long[] strides;
  private final long[] inner;
  // What the buffer holds: bytes of the source from here.
  private long windowStart;
  private int windowBytes;

  StridedReader(StoredValues values, ByteBuffer buffer, Sink sink) {
    this.values = values;
    this.size = values.type().bytes();
    this.buffer = buffer;
    this.sink = sink;
    this.sizes = values.layout().sizes().stream().mapToLong(Long::longValue).toArray();
    this.strides = values.layout().strides().stream().mapToLong(Long::longValue).toArray();
    this.inner = new long[sizes.length];
    long product = 1;
    for (int i = sizes.length - 1; i >= 0; i--) {
      inner[i] = product;
      product *= sizes[i];
    }
  }

  void read(long first, int count) {
    range(0, 0, first, first + count, 0);
  }

  /** Reads the logical indices {@code [from, to)} of one element of the dimensions before. */
  private void range(int dimension, long base, long from, long to, int at) {
    if (from == to) {
      return;
    }
    long step = inner[dimension];
    long begin = from / step;
    long end = to / step;
    if (dimension == sizes.length - 1 || (from % step == 0 && to % step == 0)) {
      box(dimension, base + begin * strides[dimension], end - begin, at);
      return;
    }
    if (begin == end) {
      part(dimension, base, begin, from % step, to % step, at);
      return;
    }
    long middle = from;
    if (from % step != 0) {
      part(dimension, base, begin, from % step, step, at);
      begin++;
      middle = begin * step;
    }
    if (begin < end) {
      box(dimension, base + begin * strides[dimension], end - begin, at + (int) (middle - from));
    }
    part(dimension, base, end, 0, to % step, at + (int) (end * step - from));
  }

  private void part(int dimension, long base, long index, long from, long to, int at) {
    range(dimension + 1, base + index * strides[dimension], from, to, at);
  }

  /** One dimension of a box. */
  private record Side(int count, long stride, int step) {}

  /** Reads some of a dimension and all of the dimensions within it. */
  private void box(int dimension, long base, long count, int at) {
    if (count == 0) {
      return;
    }
    List<Side> sides = new ArrayList<>();
    long span = 1;
    long elements = count * inner[dimension];
    for (int i = dimension; i < sizes.length; i++) {
      long length = i == dimension ? count : sizes[i];
      sides.add(new Side((int) length, strides[i], (int) inner[i]));
      span += (length - 1) * strides[i];
    }
    sides.sort(Comparator.comparingLong(Side::stride).reversed());
    boolean dense = elements >= span / SPARSE;
    long end = values.start() + (base + span) * size;
    walk(sides, 0, values.start() + base * size, at, dense ? end : 0);
  }

  private void walk(List<Side> sides, int index, long position, int at, long denseUntil) {
    Side side = sides.get(index);
    if (index == sides.size() - 1) {
      run(side, position, at, denseUntil);
      return;
    }
    for (int i = 0; i < side.count(); i++) {
      walk(sides, index + 1, position + i * side.stride() * size, at + i * side.step(), denseUntil);
    }
  }

  private void run(Side side, long position, int at, long denseUntil) {
    long stride = side.stride() * size;
    boolean far = stride >= FAR && denseUntil == 0;
    for (int done = 0; done < side.count(); ) {
      long begin = position + done * stride;
      if (begin < windowStart || begin + size > windowStart + windowBytes) {
        long runEnd = position + (side.count() - 1) * stride + size;
        fill(begin, (far ? begin + size : Math.max(denseUntil, runEnd)) - begin);
      }
      int offset = (int) (begin - windowStart);
      int left = side.count() - done;
      int now =
          stride == 0 ? left : (int) Math.min(left, (windowBytes - offset - size) / stride + 1);
      // The stride may be longer than a buffer, of which then one element is taken.
      sink.put(
          buffer,
          offset,
          now == 1 ? size : (int) stride,
          now,
          at + done * side.step(),
          side.step());
      done += now;
    }
  }

  private void fill(long position, long wanted) {
    windowStart = position;
    // Nothing is held should reading fail half way.
    windowBytes = 0;
    int bytes = (int) Math.min(buffer.capacity(), wanted);
    buffer.clear().limit(bytes);
    values.source().read(position, buffer);
    windowBytes = bytes;
  }
}
