package org.widthwise.torch.nn;

/** How the channels of a convolution's output are normalised, with a gain and a bias for each. */
public sealed interface ChannelNormalization {

  /**
   * Over the batch (S. Ioffe, C. Szegedy, "Batch normalization", ICML 2015), with libtorch's ε and
   * momentum. Evaluate a network that has it after {@code train(false)}, which takes the running
   * statistics.
   */
  record Batch() implements ChannelNormalization {}

  /**
   * Over groups of channels of each image by itself (Y. Wu, K. He, "Group normalization", ECCV
   * 2018), with libtorch's ε.
   *
   * @param groups the number of groups, at least 1; divides the width
   */
  record Group(int groups) implements ChannelNormalization {
    /**
     * Checks the groups.
     *
     * @param groups the number of groups
     * @throws IllegalArgumentException if it is below 1
     */
    public Group {
      if (groups < 1) {
        throw new IllegalArgumentException(
            "group normalisation needs at least 1 group, but got " + groups);
      }
    }
  }
}
