package org.widthwise.torch.monitor;

import org.bytedeco.pytorch.Tensor;
import org.widthwise.torch.nn.FeatureTap;

/**
 * A forward pass that shows its features, such as {@code network::forward} of a {@link
 * org.widthwise.torch.nn.Network}. It must not depend on chance: switch dropout off in it.
 */
@FunctionalInterface
public interface ProbeForward {

  /**
   * Runs the network.
   *
   * @param probe the inputs that were given to the monitor
   * @param tap is to see the layers
   * @return the output, which is not looked at
   */
  Tensor forward(Tensor probe, FeatureTap tap);
}
