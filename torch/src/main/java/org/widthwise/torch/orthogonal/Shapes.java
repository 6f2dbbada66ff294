package org.widthwise.torch.orthogonal;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.widthwise.torch.engine.Tensors;

/** What can be orthogonalised. */
final class Shapes {

  private Shapes() {}

  static void requireMatrices(Tensor tensor) {
    if (tensor.dim() != 2 && tensor.dim() != 3) {
      throw new IllegalArgumentException(
          "a matrix [fanOut, fanIn] or a stack [maps, fanOut, fanIn] can be orthogonalised, but the"
              + " shape is "
              + Arrays.toString(Tensors.shape(tensor)));
    }
  }
}
