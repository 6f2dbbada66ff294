package org.widthwise.core.parametrization;

import org.widthwise.core.shape.ParameterShape;

/** The initial size that keeps features at their size: "LeCun" or, with a gain, "Kaiming". */
final class FanInInit {

  private FanInInit() {}

  /** 1/√fan-in, each kernel position of a convolution adding fan-in terms to the sum. */
  static double std(ParameterShape shape) {
    return 1 / Math.sqrt((double) shape.fans().fanIn() * shape.kernelArea());
  }
}
