package org.widthwise.torch.plan;

import java.util.ArrayList;
import java.util.List;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.Parameter;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;
import org.widthwise.torch.nn.ResNet;
import org.widthwise.torch.nn.ResNetShape;

/** What a residual network's parameters are, for plans. */
public final class ResNetParameters {

  private static final long SIDE = 3;

  /** In no residual branch. */
  private static final int OUTSIDE = 1;

  private final List<Parameter> parameters = new ArrayList<>();

  private ResNetParameters() {}

  /**
   * The parameters by the names and in the order that {@link ResNet} gives them: the first
   * convolution reads the input, the linear map writes the output, the others are hidden. Those of
   * blocks stand in one of as many residual branches as there are blocks, but the convolutions in
   * shortcuts in none.
   *
   * @param shape the network's shape
   * @return its parameters; running statistics are none
   */
  public static List<Parameter> of(ResNetShape shape) {
    ResNetParameters made = new ResNetParameters();
    made.addAll(shape);
    return List.copyOf(made.parameters);
  }

  private void addAll(ResNetShape shape) {
    int branches = shape.branches();
    addConvolution("conv1", Layer.INPUT, shape.width(), shape.channels(), SIDE, OUTSIDE);
    addNorm("bn1", shape.width(), OUTSIDE);
    int fanIn = shape.width();
    for (int stage = 0; stage < shape.blocks().size(); stage++) {
      int width = shape.stageWidth(stage);
      for (int block = 0; block < shape.blocks().get(stage); block++) {
        String path = ResNet.stageName(stage) + "." + block + ".";
        addConvolution(path + "conv1", Layer.HIDDEN, width, fanIn, SIDE, branches);
        addNorm(path + "bn1", width, branches);
        addConvolution(path + "conv2", Layer.HIDDEN, width, width, SIDE, branches);
        addNorm(path + "bn2", width, branches);
        if (ResNet.hasProjection(fanIn, width)) {
          addConvolution(path + "downsample.0", Layer.HIDDEN, width, fanIn, 1, OUTSIDE);
          addNorm(path + "downsample.1", width, OUTSIDE);
        }
        fanIn = width;
      }
    }
    add("fc.weight", ParameterShape.matrix(Layer.READOUT, shape.classes(), fanIn), OUTSIDE);
    add("fc.bias", ParameterShape.bias(Layer.READOUT, shape.classes()), OUTSIDE);
  }

  private void addConvolution(
      String name, Layer layer, long fanOut, long fanIn, long side, int branches) {
    add(
        name + ".weight",
        ParameterShape.of(Role.CONVOLUTION, layer, fanOut, fanIn, side, side),
        branches);
  }

  private void addNorm(String name, long width, int branches) {
    add(name + ".weight", ParameterShape.of(Role.GAIN, Layer.HIDDEN, width), branches);
    add(name + ".bias", ParameterShape.bias(Layer.HIDDEN, width), branches);
  }

  private void add(String name, ParameterShape shape, int branches) {
    parameters.add(new Parameter(name, shape, branches));
  }
}
