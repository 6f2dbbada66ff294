package org.widthwise.torch.optim;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.widthwise.core.shape.Fans;
import org.widthwise.torch.engine.Tensors;

/** A tensor in matrix view: a vector, a matrix or a stack of matrices. */
final class Maps {

  private static final int STACK = 3;

  private Maps() {}

  /** Refuses what is in no matrix view. */
  static void require(Tensor tensor) {
    if (tensor.dim() > STACK) {
      throw new IllegalArgumentException(
          ("update rules take a vector [n], a matrix [fanOut, fanIn] or a stack [maps, fanOut,"
               + " fanIn], but the shape is %s: flatten a kernel to [channelsOut, channelsIn·k·k]")
              .formatted(Arrays.toString(Tensors.shape(tensor))));
    }
  }

  /** Whether each map has one row or one column, so that all its norms are its length. */
  static boolean areVectors(Tensor tensor) {
    require(tensor);
    return tensor.dim() < 2 || tensor.size(-1) == 1 || tensor.size(-2) == 1;
  }

  /** The dimensions of each map; a vector is a matrix of one column (appendix D). */
  static Fans fans(Tensor tensor) {
    require(tensor);
    return tensor.dim() < 2
        ? new Fans(1, tensor.numel())
        : new Fans(tensor.size(-1), tensor.size(-2));
  }
}
