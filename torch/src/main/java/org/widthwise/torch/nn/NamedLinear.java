package org.widthwise.torch.nn;

import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.LinearOptions;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/**
 * A linear map that knows what its weight is called.
 *
 * @param weightName its weight's name in the whole network
 * @param linear the map
 */
record NamedLinear(String weightName, LinearImpl linear) {

  /**
   * Makes a map and registers it.
   *
   * @param parent the module that takes it
   * @param path the parent's own place, ending with a dot unless it is empty
   * @param name the map's name in its parent
   */
  static NamedLinear in(
      Module parent, String path, String name, long fanIn, long fanOut, boolean bias) {
    LinearOptions options = new LinearOptions(fanIn, fanOut);
    options.bias().put(bias);
    return new NamedLinear(
        path + name + ".weight", parent.register_module(name, new LinearImpl(options)));
  }

  Tensor forward(Tensor input, FeatureTap tap) {
    Tensor output = linear.forward(input);
    tap.observe(weightName, input, output);
    return output;
  }
}
