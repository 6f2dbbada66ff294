package org.widthwise.torch.monitor;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.widthwise.core.shape.Fans;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;

/**
 * The matrices that a weight holds, each a map between features that Condition 1 speaks of: those
 * that are stacked, and of each convolution those at the positions of its kernel (section 8), as
 * the audit of checkpoints reads it.
 */
final class Maps {

  private Maps() {}

  /**
   * One of the matrices.
   *
   * @param matrix {@code [fanOut, fanIn]}, a view where that is possible
   * @param group the place of the map in its stack, from 0
   */
  record Map(Tensor matrix, long group) {}

  /**
   * The matrices.
   *
   * @param shape a matrix or a convolution
   * @param tensor of that shape
   */
  static List<Map> of(ParameterShape shape, Tensor tensor) {
    if (tensor.dim() == 2 && shape.maps() == 1) {
      return List.of(new Map(tensor, 0));
    }
    Fans fans = shape.fans();
    boolean inputFirst = shape.role() == Role.TRANSPOSED_CONVOLUTION;
    Tensor stack =
        tensor.reshape(
            shape.maps(),
            inputFirst ? fans.fanIn() : fans.fanOut(),
            inputFirst ? fans.fanOut() : fans.fanIn(),
            shape.kernelArea());
    List<Map> maps = new ArrayList<>();
    for (long group = 0; group < shape.maps(); group++) {
      for (long position = 0; position < shape.kernelArea(); position++) {
        Tensor slice = stack.select(0, group).select(2, position);
        maps.add(new Map(inputFirst ? slice.t() : slice, group));
      }
    }
    return maps;
  }

  /**
   * What one of the matrices reads.
   *
   * @param shape the weight
   * @param group the place of the map in its stack
   * @param rows what the layer reads, {@code [rows, n]}: stacked matrices all read it, the groups
   *     of a convolution each have their share of it
   * @return {@code [rows, fanIn]}
   */
  static Tensor incoming(ParameterShape shape, long group, Tensor rows) {
    long fanIn = shape.fans().fanIn();
    return shape.role().isConvolution() ? rows.narrow(1, group * fanIn, fanIn) : rows;
  }

  /**
   * What a layer reads or puts out, as rows.
   *
   * @param shape the layer's weight
   * @param features {@code [B, …, n]}; of a convolution {@code [B, n, …]}
   * @return {@code [rows, n]}
   */
  static Tensor rows(ParameterShape shape, Tensor features) {
    if (shape.role().isConvolution()) {
      Tensor places = features.flatten(2, -1).transpose(1, 2);
      return places.reshape(-1, places.size(2));
    }
    return features.reshape(-1, features.size(-1));
  }
}
