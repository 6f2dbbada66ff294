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

  private final List<Parameter> parameters = new ArrayList<>();

  private ResNetParameters() {}

  /**
   * The parameters by the names and in the order that {@link ResNet} gives them: the first
   * convolution reads the input, the linear map writes the output, the others are hidden.
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
    addConvolution("conv1", Layer.INPUT, shape.width(), shape.channels(), SIDE);
    addNorm("bn1", shape.width());
    int fanIn = shape.width();
    for (int stage = 0; stage < shape.blocks().size(); stage++) {
      int width = shape.stageWidth(stage);
      for (int block = 0; block < shape.blocks().get(stage); block++) {
        String path = ResNet.stageName(stage) + "." + block + ".";
        addConvolution(path + "conv1", Layer.HIDDEN, width, fanIn, SIDE);
        addNorm(path + "bn1", width);
        addConvolution(path + "conv2", Layer.HIDDEN, width, width, SIDE);
        addNorm(path + "bn2", width);
        if (ResNet.hasProjection(fanIn, width)) {
          addConvolution(path + "downsample.0", Layer.HIDDEN, width, fanIn, 1);
          addNorm(path + "downsample.1", width);
        }
        fanIn = width;
      }
    }
    add("fc.weight", ParameterShape.matrix(Layer.READOUT, shape.classes(), fanIn));
    add("fc.bias", ParameterShape.bias(Layer.READOUT, shape.classes()));
  }

  private void addConvolution(String name, Layer layer, long fanOut, long fanIn, long side) {
    add(name + ".weight", ParameterShape.of(Role.CONVOLUTION, layer, fanOut, fanIn, side, side));
  }

  private void addNorm(String name, long width) {
    add(name + ".weight", ParameterShape.of(Role.GAIN, Layer.HIDDEN, width));
    add(name + ".bias", ParameterShape.bias(Layer.HIDDEN, width));
  }

  private void add(String name, ParameterShape shape) {
    parameters.add(new Parameter(name, shape));
  }
}
