package org.widthwise.torch.optim;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.widthwise.torch.init.GaussianInitializer;
import org.widthwise.torch.init.Initializer;

/** Seeded tensors and plain arithmetic to hold results against. */
final class Samples {

  private Samples() {}

  static Tensor gaussian(ScalarType type, long seed, long... shape) {
    Tensor tensor = torch.zeros(shape, new TensorOptions(type));
    new GaussianInitializer(1).fill(tensor, Initializer.seeded(seed));
    return tensor;
  }

  static double[] entries(Tensor tensor) {
    double[] entries = new double[Math.toIntExact(tensor.numel())];
    tensor.to(ScalarType.Double).contiguous().data_ptr_double().get(entries);
    return entries;
  }

  /** The greatest difference, relative to the greatest entry expected. */
  static double error(Tensor actual, Tensor expected) {
    return actual.sub(expected).abs().max().item_double() / expected.abs().max().item_double();
  }

  /** By libtorch's SVD, not by this project's search. */
  static double spectralNorm(Tensor matrix) {
    return torch.linalg_svdvals(matrix).max().item_double();
  }

  static double length(double[] entries) {
    double squares = 0;
    for (double entry : entries) {
      squares += entry * entry;
    }
    return Math.sqrt(squares);
  }
}
