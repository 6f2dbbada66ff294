package org.widthwise.torch.nn;

import java.util.List;

/**
 * The shape of a residual network for small images (K. He, X. Zhang, S. Ren, J. Sun, "Deep residual
 * learning for image recognition", CVPR 2016, its network for CIFAR-10): a 3×3 convolution, stages
 * of basic blocks, the mean over the image, a linear readout. Each stage after the first has twice
 * the channels and half the height and width.
 *
 * @param channels the colour planes of an image, at least 1
 * @param classes the length of the output, at least 1
 * @param width the channels of the first stage, at least 1
 * @param blocks the number of blocks of each stage, each at least 1; one to eight stages
 * @param normalization of the channels after each convolution
 */
public record ResNetShape(
    int channels,
    int classes,
    int width,
    List<Integer> blocks,
    ChannelNormalization normalization) {

  private static final int MOST_STAGES = 8;
  private static final int CONVOLUTIONS_IN_BLOCK = 2;

  /**
   * Checks the numbers.
   *
   * @param channels the colour planes of an image
   * @param classes the length of the output
   * @param width the channels of the first stage
   * @param blocks the number of blocks of each stage
   * @param normalization of the channels
   * @throws IllegalArgumentException if a number is below 1, or there are no stages or more than
   *     eight, or the groups of the normalisation do not divide the width
   */
  public ResNetShape {
    blocks = List.copyOf(blocks);
    requirePositive("number of colour planes", channels);
    requirePositive("number of classes", classes);
    requirePositive("width", width);
    if (blocks.isEmpty() || blocks.size() > MOST_STAGES) {
      throw new IllegalArgumentException(
          "a residual network has 1 to %d stages, not %d".formatted(MOST_STAGES, blocks.size()));
    }
    blocks.forEach(count -> requirePositive("number of blocks of a stage", count));
    if (normalization instanceof ChannelNormalization.Group group && width % group.groups() != 0) {
      throw new IllegalArgumentException(
          "the width of a residual network must be a multiple of its groups, but %d is none of %d"
              .formatted(width, group.groups()));
    }
    Math.multiplyExact(width, 1 << (blocks.size() - 1));
  }

  private static void requirePositive(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "the %s of a residual network must be at least 1, but is %d".formatted(what, value));
    }
  }

  /**
   * The paper's network for CIFAR-10: three stages, batch normalisation, colour images, ten
   * classes. Its width there is 16; three blocks in each stage make the 20 layers of ResNet-20.
   *
   * @param width the channels of the first stage
   * @param blocksPerStage the number of blocks of each stage
   * @return the shape
   * @throws IllegalArgumentException if a number is below 1
   */
  public static ResNetShape cifar10(int width, int blocksPerStage) {
    return new ResNetShape(
        3,
        10,
        width,
        List.of(blocksPerStage, blocksPerStage, blocksPerStage),
        new ChannelNormalization.Batch());
  }

  /**
   * Sets the normalisation.
   *
   * @param newNormalization of the channels after each convolution
   * @return the shape
   * @throws IllegalArgumentException if its groups do not divide the width
   */
  public ResNetShape withNormalization(ChannelNormalization newNormalization) {
    return new ResNetShape(channels, classes, width, blocks, newNormalization);
  }

  /**
   * Sets what goes in and comes out.
   *
   * @param newChannels the colour planes of an image, at least 1
   * @param newClasses the length of the output, at least 1
   * @return the shape
   * @throws IllegalArgumentException if a number is below 1
   */
  public ResNetShape withData(int newChannels, int newClasses) {
    return new ResNetShape(newChannels, newClasses, width, blocks, normalization);
  }

  /**
   * The channels of a stage.
   *
   * @param stage which, counted from 0
   * @return width · 2^stage
   */
  public int stageWidth(int stage) {
    return width << stage;
  }

  /**
   * The number of residual branches.
   *
   * @return the number of blocks of all stages
   */
  public int branches() {
    return blocks.stream().mapToInt(Integer::intValue).sum();
  }

  /**
   * The number of layers with weights on the longest way through, as the paper counts.
   *
   * @return 20 for ResNet-20
   */
  public int depth() {
    return 2 + CONVOLUTIONS_IN_BLOCK * branches();
  }
}
