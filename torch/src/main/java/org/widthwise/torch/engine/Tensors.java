package org.widthwise.torch.engine;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** What a tensor is, in plain Java. */
public final class Tensors {
  private Tensors() {}

  /**
   * The element type as a constant of the enum; what libtorch's own {@code scalar_type()} returns
   * equals none of them.
   *
   * @param tensor the tensor
   * @return the type
   */
  public static ScalarType type(Tensor tensor) {
    return tensor.scalar_type().intern();
  }

  /**
   * Whether the elements are float32 or float64.
   *
   * @param tensor the tensor
   * @return true if so
   */
  public static boolean isFloatOrDouble(Tensor tensor) {
    ScalarType type = type(tensor);
    return type == ScalarType.Float || type == ScalarType.Double;
  }

  /**
   * A handle of its own on a tensor that was read from a native container. What a container such as
   * {@code named_parameters()} gives is a reference into it, and dangles once the garbage collector
   * frees the container.
   *
   * @param element the tensor as the container gave it
   * @return the same tensor, kept alive by the handle, which belongs to the scope that is open at
   *     the call, or to the garbage collector if none is
   */
  public static Tensor kept(Tensor element) {
    return new Tensor(element);
  }

  /**
   * Zeros beside another tensor, of its type and on its device.
   *
   * @param like the other tensor
   * @param shape the sizes, none for a scalar
   * @return a new tensor, which belongs to the scope that is open at the call
   */
  public static Tensor zerosBeside(Tensor like, long... shape) {
    try (TensorOptions options = like.options()) {
      return torch.zeros(shape, options);
    }
  }

  /**
   * The shape.
   *
   * @param tensor the tensor
   * @return its sizes, empty for a scalar
   */
  public static long[] shape(Tensor tensor) {
    long[] shape = new long[(int) tensor.dim()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = tensor.size(i);
    }
    return shape;
  }
}
