package org.widthwise.torch.plan;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.widthwise.core.shape.Fans;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.torch.engine.Tensors;

/**
 * A parameter's tensor as the linear map, or the stack of maps, that the scaling rules see: the one
 * place where dimensions are turned into fans, so that no update rule and no norm has to.
 *
 * <table>
 *   <caption>What each role becomes</caption>
 *   <tr><th>role</th><th>tensor</th><th>view</th></tr>
 *   <tr><td>matrix</td><td>{@code [out, in]}</td><td>{@code [out, in]}</td></tr>
 *   <tr><td>… of m stacked maps</td><td>{@code [m·out, in]}</td><td>{@code [m, out, in]}</td></tr>
 *   <tr><td>convolution</td><td>{@code [out, in, k…]}</td><td>{@code [out, in·k…]}</td></tr>
 *   <tr><td>… of m groups</td><td>{@code [m·out, in, k…]}</td>
 *       <td>{@code [m, out, in·k…]}</td></tr>
 *   <tr><td>transposed convolution</td><td>{@code [in, out, k…]}</td>
 *       <td>{@code [out, in·k…]}</td></tr>
 *   <tr><td>embedding</td><td>{@code [vocabulary, width]}</td>
 *       <td>{@code [vocabulary, width, 1]}</td></tr>
 *   <tr><td>bias, gain, scalar</td><td>any</td><td>{@code [n]}</td></tr>
 * </table>
 *
 * <p>A kernel is taken flattened, as is usual: its norm is at least that of the largest of its k²
 * slices and at most the root of k² times it, a constant. Each row of an embedding is a map of its
 * own, from the one number 1 to the row (appendix E).
 */
public final class MatrixView {

  private final ParameterShape shape;

  private MatrixView(ParameterShape shape) {
    this.shape = shape;
  }

  /**
   * The view of a parameter.
   *
   * @param shape the parameter's shape
   * @return the view
   */
  public static MatrixView of(ParameterShape shape) {
    return new MatrixView(shape);
  }

  /**
   * A tensor of the parameter's dimensions in matrix form.
   *
   * @param tensor the parameter, its gradient or the like
   * @return a view of the same memory where the layout allows it, else a copy
   * @throws IllegalArgumentException if the tensor has other dimensions than the parameter
   */
  public Tensor of(Tensor tensor) {
    requireDimensions(tensor);
    Fans fans = shape.fans();
    long maps = shape.maps();
    return switch (shape.role()) {
      case BIAS, GAIN, SCALAR -> tensor.reshape(-1);
      case EMBEDDING, TIED_EMBEDDING -> tensor.unsqueeze(-1);
      case MATRIX, CONVOLUTION ->
          maps == 1 ? tensor.reshape(fans.fanOut(), -1) : tensor.reshape(maps, fans.fanOut(), -1);
      case TRANSPOSED_CONVOLUTION -> {
        Tensor split = tensor.reshape(maps, fans.fanIn(), fans.fanOut(), shape.kernelArea());
        Tensor outputFirst = split.transpose(1, 2).reshape(maps, fans.fanOut(), -1);
        yield maps == 1 ? outputFirst.squeeze(0) : outputFirst;
      }
    };
  }

  /**
   * The way back.
   *
   * @param view a tensor in matrix form
   * @return a tensor of the parameter's dimensions, a view of the same memory where the layout
   *     allows it
   */
  public Tensor restore(Tensor view) {
    long[] dimensions = shape.dimensions().stream().mapToLong(Long::longValue).toArray();
    Fans fans = shape.fans();
    return switch (shape.role()) {
      case TRANSPOSED_CONVOLUTION ->
          view.reshape(shape.maps(), fans.fanOut(), fans.fanIn(), shape.kernelArea())
              .transpose(1, 2)
              .reshape(dimensions);
      default -> view.reshape(dimensions);
    };
  }

  private void requireDimensions(Tensor tensor) {
    boolean same = tensor.dim() == shape.dimensions().size();
    for (int i = 0; same && i < shape.dimensions().size(); i++) {
      same = tensor.size(i) == shape.dimensions().get(i);
    }
    if (!same) {
      throw new IllegalArgumentException(
          "the plan's parameter is %s of shape %s, but the tensor has shape %s"
              .formatted(
                  shape.role().id(), shape.dimensions(), Arrays.toString(Tensors.shape(tensor))));
    }
  }
}
