package org.widthwise.audit.safetensors;

import java.util.List;

/**
 * What a safetensors header says of one tensor.
 *
 * @param name its name, as the file has it
 * @param dtype the type of its elements
 * @param shape its dimensions, each 0 or more, outermost first (row-major); empty for a scalar
 * @param begin the offset of its first byte in the data, whose start is {@link
 *     SafetensorsHeader#dataStart()}
 * @param end the offset after its last byte in the data
 */
public record TensorEntry(String name, Dtype dtype, List<Long> shape, long begin, long end) {

  /**
   * Copies the shape.
   *
   * @param name the tensor's name
   * @param dtype its element type
   * @param shape its dimensions
   * @param begin the offset of its first byte
   * @param end the offset after its last byte
   */
  public TensorEntry {
    shape = List.copyOf(shape);
  }

  /**
   * Returns the size of the tensor's data.
   *
   * @return bytes
   */
  public long byteLength() {
    return end - begin;
  }
}
