package org.widthwise.torch.nn;

import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Conv2dOptions;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/**
 * A square convolution without a bias that knows what its weight is called.
 *
 * @param weightName its weight's name in the whole network
 * @param convolution the convolution
 */
record NamedConvolution(String weightName, Conv2dImpl convolution) {

  /**
   * Makes a convolution, padded so that at stride 1 the size stays, and registers it.
   *
   * @param parent the module that takes it
   * @param path the parent's own place, ending with a dot unless it is empty
   * @param name the convolution's name in its parent
   * @param side of the kernel, odd
   */
  static NamedConvolution in(
      Module parent, String path, String name, long fanIn, long fanOut, int side, int stride) {
    Conv2dOptions options = new Conv2dOptions(fanIn, fanOut, square(side));
    options.stride().put(square(stride));
    options.padding().put(square(side / 2));
    options.bias().put(false);
    return new NamedConvolution(
        path + name + ".weight", parent.register_module(name, new Conv2dImpl(options)));
  }

  private static LongPointer square(long side) {
    return new LongPointer(side, side);
  }

  Tensor forward(Tensor input, FeatureTap tap) {
    Tensor output = convolution.forward(input);
    tap.observe(weightName, input, output);
    return output;
  }
}
