package org.widthwise.audit.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.audit.checkpoint.StoredTensor.StoredValues;

/** Any range of any strided tensor is what following the strides one by one gives. */
class StridedReadingTest {

  private static final int CASES = 3000;

  /** The element at index i has the value i. */
  private record Counting(int elements, List<Long> reads) implements ByteSource {

    @Override
    public void read(long position, ByteBuffer into) {
      reads.add((long) into.remaining());
      for (long at = position; into.hasRemaining(); at++) {
        assertThat(at).isBetween(0L, elements * 4L - 1);
        int element = (int) (at / 4);
        into.put((byte) (Float.floatToRawIntBits(element) >>> (at % 4 * 8)));
      }
    }
  }

  @Test
  void followsStrides() {
    long seed = 11;
    Random random = new Random(seed);
    for (int i = 0; i < CASES; i++) {
      List<Long> shape = new ArrayList<>();
      for (int rank = random.nextInt(5); rank > 0; rank--) {
        shape.add(1L + random.nextInt(7));
      }
      List<Long> strides = strides(random, shape);
      long elements = shape.stream().reduce(1L, (a, b) -> a * b);
      StoredTensor tensor = tensor(shape, strides, 3, new Counting(1 << 20, new ArrayList<>()));
      int first = random.nextInt((int) elements);
      int count = random.nextInt((int) elements - first + 1);
      float[] floats = new float[count + 1];
      double[] doubles = new double[count];

      tensor.read(first, floats, count);
      tensor.read(first, doubles, count);

      for (int j = 0; j < count; j++) {
        double expected = 3 + offset(shape, strides, first + j);
        assertThat(floats[j])
            .as("seed %d case %d: %s %s from %d", seed, i, shape, strides, first)
            .isEqualTo((float) expected);
        assertThat(doubles[j]).isEqualTo(expected);
      }
      assertThat(floats[count]).isZero();
    }
  }

  private static List<Long> strides(Random random, List<Long> shape) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < shape.size(); i++) {
      order.add(i);
    }
    Collections.shuffle(order, random);
    List<Long> strides = new ArrayList<>(shape);
    long stride = 1L + (random.nextInt(3) == 0 ? random.nextInt(3) : 0);
    for (int dimension : order) {
      strides.set(dimension, stride);
      stride *= shape.get(dimension);
      stride += random.nextInt(4) == 0 ? random.nextInt(3000) : 0;
    }
    if (!shape.isEmpty() && random.nextInt(5) == 0) {
      strides.set(random.nextInt(shape.size()), 0L);
    }
    return strides;
  }

  private static long offset(List<Long> shape, List<Long> strides, long index) {
    long offset = 0;
    for (int i = shape.size() - 1; i >= 0; i--) {
      offset += index % shape.get(i) * strides.get(i);
      index /= shape.get(i);
    }
    return offset;
  }

  private static StoredTensor tensor(
      List<Long> shape, List<Long> strides, long start, ByteSource source) {
    StoredValues values =
        new StoredValues(
            source,
            start * 4,
            ElementType.F32,
            ByteOrder.LITTLE_ENDIAN,
            StridedLayout.of(shape, strides));
    return new StoredTensor("t", shape, "F32", values, new BufferPool());
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 37})
  void readsEachByteOfTransposedMatrixOnce(int rows) {
    Counting source = new Counting(1000 * 500, new ArrayList<>());
    StoredTensor transposed = tensor(List.of(1000L, 500L), List.of(1L, 1000L), 0, source);
    float[] into = new float[rows * 500];

    transposed.read(0, into, into.length);

    assertThat(into[1]).isEqualTo(1000);
    assertThat(into[500]).isEqualTo(1);
    long read = source.reads().stream().mapToLong(Long::longValue).sum();
    assertThat(read).isEqualTo(rows * 500L * 4L);
  }

  @Test
  void mergesWhatLiesInOrder() {
    assertThat(StridedLayout.of(List.of(2L, 1L, 3L, 4L), List.of(12L, 7L, 4L, 1L)))
        .isEqualTo(StridedLayout.contiguous(24));
    assertThat(StridedLayout.of(List.of(), List.of()).isContiguous()).isTrue();
    assertThat(StridedLayout.of(List.of(1L), List.of(9L)).isContiguous()).isTrue();
    assertThat(StridedLayout.firstFastest(List.of(5L, 3L)).isContiguous()).isFalse();
    assertThat(StridedLayout.firstFastest(List.of(5L, 1L)).isContiguous()).isTrue();
  }

  @Test
  void refusesRangesOutsideTheTensor() {
    StoredTensor tensor = tensor(List.of(4L), List.of(1L), 0, new Counting(4, new ArrayList<>()));
    assertThatThrownBy(() -> tensor.read(1, new float[4], 4))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> tensor.read(0, new double[3], 4))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> tensor.read(-1, new float[4], 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
