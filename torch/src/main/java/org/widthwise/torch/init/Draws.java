package org.widthwise.torch.init;

import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.torch.engine.Tensors;

/** The raw material of the initialisers. */
final class Draws {
  private Draws() {}

  /** Independent standard Gaussians in a fresh contiguous tensor on the CPU. */
  static Tensor gaussian(Tensor like, Generator generator, long... shape) {
    return blank(like, shape).normal_(0.0, 1.0, new GeneratorOptional(generator));
  }

  static Tensor constant(Tensor like, double value) {
    return blank(like, Tensors.shape(like)).fill_(new Scalar(value));
  }

  /**
   * The two sides of a tensor read as a matrix: the first dimension, and all the others flattened.
   */
  static long[] matrixShape(Tensor tensor, String rule) {
    if (tensor.dim() < 2) {
      throw new IllegalArgumentException(
          rule
              + " needs a matrix [fanOut, fanIn] or a kernel [fanOut, fanIn, k, ...], but got a"
              + " tensor of "
              + tensor.dim()
              + " dimension(s); give vectors a Gaussian or a constant");
    }
    long rows = tensor.size(0);
    return new long[] {rows, tensor.numel() / rows};
  }

  static double finite(String name, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(name + " must be finite, but is " + value);
    }
    return value;
  }

  static double finiteNotNegative(String name, double value) {
    if (!(finite(name, value) >= 0)) {
      throw new IllegalArgumentException(name + " must not be negative, but is " + value);
    }
    return value;
  }

  private static Tensor blank(Tensor like, long... shape) {
    return torch.zeros(shape, new TensorOptions(Tensors.type(like)));
  }
}
