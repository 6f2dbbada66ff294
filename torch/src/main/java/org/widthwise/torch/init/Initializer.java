package org.widthwise.torch.init;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.torch.engine.Tensors;

/**
 * Fills a tensor in place with its first values. An initialiser knows nothing of width: the plan
 * that chose its scale does.
 *
 * <p>The values depend on the generator's state, the tensor's shape and its type alone: they are
 * drawn on the CPU and copied to wherever the tensor lies, so the same seed gives the same bits.
 */
public sealed interface Initializer
    permits ConstantInitializer,
        GaussianInitializer,
        SemiOrthogonalInitializer,
        SpectrallyNormalizedInitializer,
        StackedInitializer,
        TruncatedGaussianInitializer {

  /**
   * A generator of its own, independent of libtorch's global one.
   *
   * @param seed the seed
   * @return the generator, on the CPU
   */
  static Generator seeded(long seed) {
    return torch.createCPUGenerator(seed);
  }

  /**
   * Fills the tensor; one without elements is left alone. Gradients are not recorded, so a
   * parameter may be given as it is.
   *
   * @param tensor what to fill, float32 or float64, on any device
   * @param generator the source of randomness, on the CPU; its state moves on
   * @throws IllegalArgumentException if the tensor's type or shape does not suit the initialiser
   */
  default void fill(Tensor tensor, Generator generator) {
    if (!Tensors.isFloatOrDouble(tensor)) {
      throw new IllegalArgumentException(
          "an initialiser fills float32 and float64 tensors, but got "
              + Tensors.type(tensor)
              + "; fill one of these and convert it");
    }
    if (tensor.numel() == 0) {
      return;
    }
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      tensor.copy_(draw(tensor, generator));
    }
  }

  /**
   * Draws the values, on the CPU.
   *
   * @param like a tensor with at least one element whose shape and type the values have
   * @param generator the source of randomness
   * @return a new tensor of the same shape and type
   * @throws IllegalArgumentException if the shape does not suit the initialiser
   */
  Tensor draw(Tensor like, Generator generator);
}
