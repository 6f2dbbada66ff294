package org.widthwise.audit.gguf;

import java.util.List;

/**
 * What a GGUF header says of one tensor.
 *
 * @param name its name, as the file has it
 * @param shape its dimensions, outermost first (row-major), the other way round than in the file;
 *     empty for a scalar
 * @param type the name of its elements' type, as ggml calls it: {@code F16}, {@code Q4_K}
 * @param start the offset in the file of its first byte
 */
public record GgufTensor(String name, List<Long> shape, String type, long start) {

  /**
   * Copies the shape.
   *
   * @param name its name
   * @param shape its dimensions
   * @param type its type
   * @param start where it begins
   */
  public GgufTensor {
    shape = List.copyOf(shape);
  }

  /**
   * The number of its elements.
   *
   * @return the product of the dimensions
   */
  public long elements() {
    return shape.stream().reduce(1L, (a, b) -> a * b);
  }
}
