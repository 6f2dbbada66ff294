package org.widthwise.torch.init;

import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.Tensor;

/**
 * The same value everywhere: 0 for biases, 1 for gains. Draws nothing from the generator.
 *
 * @param value the value, finite
 */
public record ConstantInitializer(double value) implements Initializer {
  /**
   * Checks the value.
   *
   * @param value the value, finite
   * @throws IllegalArgumentException if {@code value} is not finite
   */
  public ConstantInitializer {
    Draws.finite("the constant to initialise with", value);
  }

  @Override
  public Tensor draw(Tensor like, Generator generator) {
    return Draws.constant(like, value);
  }
}
