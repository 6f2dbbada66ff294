package org.widthwise.audit.safetensors;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A tensor to be written to a safetensors file.
 *
 * @param name its name, unique in the file
 * @param dtype the type of its elements
 * @param shape its dimensions, outermost first (row-major); empty for a scalar
 * @param bytes where its elements come from
 */
public record WritableTensor(String name, Dtype dtype, List<Long> shape, Bytes bytes) {

  /** The bytes of a tensor's elements: row-major, each element little-endian. */
  @FunctionalInterface
  public interface Bytes {

    /**
     * Copies some of them.
     *
     * @param offset the first one, counted from the tensor's beginning
     * @param into where they go; to be filled
     */
    void copy(long offset, ByteBuffer into);
  }

  /**
   * Checks name and shape.
   *
   * @param name its name
   * @param dtype the type of its elements
   * @param shape its dimensions
   * @param bytes where its elements come from
   * @throws IllegalArgumentException if the format forbids the name or the shape
   */
  public WritableTensor {
    shape = List.copyOf(shape);
    if (name.equals(SafetensorsWriter.METADATA)) {
      throw new IllegalArgumentException(
          "no tensor may be named " + name + ", for the format keeps its free text there");
    }
    if (shape.size() > SafetensorsHeader.MOST_DIMENSIONS
        || shape.stream().anyMatch(dimension -> dimension < 0)) {
      throw new IllegalArgumentException(
          "'%s' has the shape %s, but a tensor has at most %d dimensions, none of them negative"
              .formatted(name, shape, SafetensorsHeader.MOST_DIMENSIONS));
    }
    if (bitLength(dtype, shape) % Byte.SIZE != 0) {
      throw new IllegalArgumentException(
          "'%s' of type %s and shape %s does not end with a whole byte"
              .formatted(name, dtype, shape));
    }
  }

  /**
   * The size of its data.
   *
   * @return bytes
   */
  public long byteLength() {
    return bitLength(dtype, shape) / Byte.SIZE;
  }

  private static long bitLength(Dtype dtype, List<Long> shape) {
    return shape.stream().reduce((long) dtype.bits(), Math::multiplyExact);
  }
}
