package org.widthwise.audit.checkpoint;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a tensor's elements lie: dimensions, outermost first, and for each the distance between
 * neighbours along it, in elements.
 *
 * <p>Dimensions of one element are left out and neighbours that can be walked as one are merged, so
 * that what lies in logical order has exactly one dimension, of stride 1.
 */
record StridedLayout(List<Long> sizes, List<Long> strides) {

  /**
   * Merges dimensions.
   *
   * @param shape dimensions, none 0, of a product below 2^63
   * @param strides as many, none negative
   */
  static StridedLayout of(List<Long> shape, List<Long> strides) {
    List<Long> sizes = new ArrayList<>();
    List<Long> steps = new ArrayList<>();
    for (int i = 0; i < shape.size(); i++) {
      long size = shape.get(i);
      long stride = strides.get(i);
      int last = sizes.size() - 1;
      if (size == 1) {
        continue;
      }
      // No overflow: bounds were checked, so that a stride is less than the source is long.
      if (last >= 0 && steps.get(last) == size * stride) {
        sizes.set(last, sizes.get(last) * size);
        steps.set(last, stride);
      } else {
        sizes.add(size);
        steps.add(stride);
      }
    }
    if (sizes.isEmpty()) {
      return contiguous(1);
    }
    return new StridedLayout(List.copyOf(sizes), List.copyOf(steps));
  }

  static StridedLayout contiguous(long elements) {
    return new StridedLayout(List.of(elements), List.of(1L));
  }

  /** The strides of a shape whose first dimension runs fastest ("Fortran order"). */
  static StridedLayout firstFastest(List<Long> shape) {
    List<Long> strides = new ArrayList<>();
    long stride = 1;
    for (long size : shape) {
      strides.add(stride);
      stride *= size;
    }
    return of(shape, strides);
  }

  boolean isContiguous() {
    return sizes.size() == 1 && strides.get(0) == 1;
  }

  long elements() {
    return sizes.stream().reduce(1L, (a, b) -> a * b);
  }
}
