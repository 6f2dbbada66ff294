package org.widthwise.torch.nn;

import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Conv2dOptions;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.torch.engine.OneDnn;

/**
 * A square convolution without a bias that knows what its weight is called.
 *
 * @param weightName its weight's name in the whole network
 * @param convolution the convolution, square, padded by half its side
 * @param stride its stride, the same in both directions
 */
record NamedConvolution(String weightName, Conv2dImpl convolution, int stride) {

  private static final int IMAGE_CHANNELS = 3;

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
        path + name + ".weight", parent.register_module(name, new Conv2dImpl(options)), stride);
  }

  private static LongPointer square(long side) {
    return new LongPointer(side, side);
  }

  Tensor forward(Tensor input, FeatureTap tap) {
    boolean inBlocks = OneDnn.needsWholeBlocks() && input.is_cpu();
    Tensor output = inBlocks ? inWholeBlocks(input) : convolution.forward(input);
    tap.observe(weightName, input, output);
    return output;
  }

  /**
   * The same result, from a convolution between whole blocks of channels: those that are added are
   * zeros, and are left out of the output.
   *
   * @see OneDnn#needsWholeBlocks()
   */
  Tensor inWholeBlocks(Tensor input) {
    Tensor weight = convolution.weight();
    long fanOut = weight.size(0);
    // The few channels of an image are not blocked.
    long more = input.size(1) <= IMAGE_CHANNELS ? 0 : OneDnn.missing(input.size(1));
    long moreOut = OneDnn.missing(fanOut);
    if (more == 0 && moreOut == 0) {
      return convolution.forward(input);
    }
    long padding = weight.size(2) / 2;
    Tensor output =
        torch.conv2d(
            more == 0 ? input : torch.constant_pad_nd(input, new long[] {0, 0, 0, 0, 0, more}),
            torch.constant_pad_nd(weight, new long[] {0, 0, 0, 0, 0, more, 0, moreOut}),
            new TensorOptional(),
            new long[] {stride, stride},
            new long[] {padding, padding},
            new long[] {1, 1},
            1);
    return output.narrow(1, 0, fanOut);
  }
}
