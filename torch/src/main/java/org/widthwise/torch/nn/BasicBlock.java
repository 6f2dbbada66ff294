package org.widthwise.torch.nn;

import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** Two 3×3 convolutions beside a shortcut; 1×1 and normalised where the shape changes. */
final class BasicBlock {

  private static final int SIDE = 3;

  private final NamedConvolution first;
  private final ChannelNorm firstNorm;
  private final NamedConvolution second;
  private final ChannelNorm secondNorm;
  private final @Nullable Projection projection;
  private final Scalar residualMultiplier;

  /** Kept: native calls that visit all modules call back into the Java object of each. */
  @SuppressWarnings("unused")
  private final Module container;

  private record Projection(Module module, NamedConvolution convolution, ChannelNorm norm) {}

  BasicBlock(
      Module stage,
      String stagePath,
      int index,
      int fanIn,
      int width,
      int stride,
      ChannelNormalization normalization,
      double residualMultiplier) {
    String name = Integer.toString(index);
    String path = stagePath + name + ".";
    this.container = stage.register_module(name, new Module(name));
    this.first = NamedConvolution.in(container, path, "conv1", fanIn, width, SIDE, stride);
    this.firstNorm = ChannelNorm.in(container, "bn1", normalization, width);
    this.second = NamedConvolution.in(container, path, "conv2", width, width, SIDE, 1);
    this.secondNorm = ChannelNorm.in(container, "bn2", normalization, width);
    this.projection =
        ResNet.hasProjection(fanIn, width)
            ? projection(container, path, fanIn, width, stride, normalization)
            : null;
    this.residualMultiplier = new Scalar(residualMultiplier);
  }

  private static Projection projection(
      Module container,
      String path,
      int fanIn,
      int width,
      int stride,
      ChannelNormalization normalization) {
    Module module = container.register_module("downsample", new Module("downsample"));
    return new Projection(
        module,
        NamedConvolution.in(module, path + "downsample.", "0", fanIn, width, 1, stride),
        ChannelNorm.in(module, "1", normalization, width));
  }

  Tensor forward(Tensor input, FeatureTap tap) {
    Tensor inner = torch.relu(firstNorm.forward(first.forward(input, tap)));
    Tensor branch = secondNorm.forward(second.forward(inner, tap));
    Tensor shortcut =
        projection == null
            ? input
            : projection.norm().forward(projection.convolution().forward(input, tap));
    return torch.relu(shortcut.add(branch, residualMultiplier));
  }
}
