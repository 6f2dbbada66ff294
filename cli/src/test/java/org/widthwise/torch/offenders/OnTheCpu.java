package org.widthwise.torch.offenders;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/** Breaks the rule that few make tensors on the CPU. */
final class OnTheCpu {

  private OnTheCpu() {}

  static Tensor twoRows() {
    return torch.zeros(new long[] {2, 3}, new TensorOptions(torch.ScalarType.Float));
  }
}
