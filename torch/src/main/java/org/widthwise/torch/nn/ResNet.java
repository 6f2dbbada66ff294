package org.widthwise.torch.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.torch.engine.Tensors;

/**
 * A residual network for small images as an ordinary libtorch module. Parameters and buffers are
 * named as torchvision names those of its ResNets: {@code conv1.weight}, {@code bn1.weight}, {@code
 * layer1.0.conv1.weight}, {@code layer1.0.bn1.bias}, …, {@code layer2.0.downsample.0.weight}, …,
 * {@code fc.weight}, {@code fc.bias}; {@code bn} stands for group normalisation too.
 *
 * <p>The weights are initialised as libtorch does by default; a {@link
 * org.widthwise.torch.plan.PlannedModule} fills them. Call {@link
 * org.widthwise.torch.engine.Libtorch#load()} before the first instance is made.
 */
public final class ResNet extends Module implements Network {

  private static final int SIDE = 3;
  private static final int HEIGHT = 2;
  private static final int WIDTH = 3;

  private final ResNetShape shape;
  private final NamedConvolution stem;
  private final ChannelNorm stemNorm;
  private final List<BasicBlock> blocks;
  private final NamedLinear readout;

  /** Kept: native calls that visit all modules call back into the Java object of each. */
  @SuppressWarnings("unused")
  private final List<Module> stages;

  /**
   * Builds the network, float32, on the CPU, its residual branches as they are.
   *
   * @param shape what it is built from
   */
  public ResNet(ResNetShape shape) {
    this(shape, 1);
  }

  /**
   * Builds the network, float32, on the CPU.
   *
   * @param shape what it is built from
   * @param residualMultiplier by which each residual branch is multiplied before it is added
   * @throws IllegalArgumentException if the multiplier is not above 0 and finite
   */
  public ResNet(ResNetShape shape, double residualMultiplier) {
    super("ResNet");
    if (!(residualMultiplier > 0 && residualMultiplier < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "the residual multiplier of a residual network must be above 0 and finite, but is "
              + residualMultiplier);
    }
    this.shape = shape;
    this.stem = NamedConvolution.in(this, "", "conv1", shape.channels(), shape.width(), SIDE, 1);
    this.stemNorm = ChannelNorm.in(this, "bn1", shape.normalization(), shape.width());
    List<Module> containers = new ArrayList<>();
    List<BasicBlock> made = new ArrayList<>();
    int fanIn = shape.width();
    for (int stage = 0; stage < shape.blocks().size(); stage++) {
      String name = stageName(stage);
      Module container = register_module(name, new Module(name));
      containers.add(container);
      int width = shape.stageWidth(stage);
      for (int block = 0; block < shape.blocks().get(stage); block++) {
        int stride = stage > 0 && block == 0 ? 2 : 1;
        made.add(
            new BasicBlock(
                container,
                name + ".",
                block,
                fanIn,
                width,
                stride,
                shape.normalization(),
                residualMultiplier));
        fanIn = width;
      }
    }
    this.stages = List.copyOf(containers);
    this.blocks = List.copyOf(made);
    this.readout = NamedLinear.in(this, "", "fc", fanIn, shape.classes(), true);
  }

  /**
   * The name of a stage.
   *
   * @param stage which, counted from 0
   * @return {@code layer1} for the first
   */
  public static String stageName(int stage) {
    return "layer" + (stage + 1);
  }

  /**
   * Whether the shortcut of a block is a convolution, for its input has other dimensions than its
   * output.
   *
   * @param fanIn the channels of its input
   * @param fanOut the channels of its output
   * @return false for an identity
   */
  public static boolean hasProjection(int fanIn, int fanOut) {
    return fanIn != fanOut;
  }

  /**
   * What the network was built from.
   *
   * @return the shape
   */
  public ResNetShape shape() {
    return shape;
  }

  @Override
  public Module module() {
    return this;
  }

  /**
   * {@inheritDoc}
   *
   * @param inputs images {@code [B, channels, height, width]}
   * @return {@code [B, classes]}
   */
  @Override
  public Tensor forward(Tensor inputs, FeatureTap tap) {
    if (inputs.dim() != 4 || inputs.size(1) != shape.channels()) {
      throw new IllegalArgumentException(
          "the inputs of this residual network must be images [B, %d, height, width],"
                  .formatted(shape.channels())
              + " but have shape "
              + Arrays.toString(Tensors.shape(inputs)));
    }
    // With channels side by side in memory, which convolutions hand on, a step takes about a fifth
    // less time.
    Tensor images = inputs.contiguous(torch.MemoryFormat.ChannelsLast);
    Tensor features = torch.relu(stemNorm.forward(stem.forward(images, tap)));
    for (BasicBlock block : blocks) {
      features = block.forward(features, tap);
    }
    return readout.forward(features.mean(HEIGHT, WIDTH), tap);
  }
}
