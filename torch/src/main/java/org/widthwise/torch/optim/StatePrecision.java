package org.widthwise.torch.optim;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.widthwise.torch.engine.Tensors;

/**
 * The precision in which update rules compute and remember: that of the parameter, but float32 for
 * a bfloat16 or float16 parameter. In half precision averages would stop moving, since what a step
 * adds to them is below their last digit, and squares of float16 gradients would vanish.
 */
public final class StatePrecision {

  private StatePrecision() {}

  /**
   * The type.
   *
   * @param parameter the parameter
   * @return float64 for float64, else float32
   */
  public static ScalarType of(Tensor parameter) {
    return Tensors.type(parameter) == ScalarType.Double ? ScalarType.Double : ScalarType.Float;
  }

  /**
   * A parameter or gradient in that type.
   *
   * @param tensor the tensor
   * @return a copy, or the tensor itself if it is of that type
   */
  public static Tensor raised(Tensor tensor) {
    return tensor.to(of(tensor));
  }
}
