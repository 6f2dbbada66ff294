package org.widthwise.torch.nn;

import org.bytedeco.pytorch.BatchNorm2dImpl;
import org.bytedeco.pytorch.BatchNormOptions;
import org.bytedeco.pytorch.GroupNormImpl;
import org.bytedeco.pytorch.GroupNormOptions;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/** Normalises the channels of images {@code [B, channels, height, width]}. */
sealed interface ChannelNorm {

  /** Makes a normalisation with gain and bias and registers it under a name. */
  static ChannelNorm in(Module parent, String name, ChannelNormalization kind, long channels) {
    if (kind instanceof ChannelNormalization.Group group) {
      GroupNormOptions options = new GroupNormOptions(group.groups(), channels);
      return new Group(parent.register_module(name, new GroupNormImpl(options)));
    }
    BatchNormOptions options = new BatchNormOptions(channels);
    return new Batch(parent.register_module(name, new BatchNorm2dImpl(options)));
  }

  Tensor forward(Tensor images);

  record Batch(BatchNorm2dImpl norm) implements ChannelNorm {
    @Override
    public Tensor forward(Tensor images) {
      return norm.forward(images);
    }
  }

  record Group(GroupNormImpl norm) implements ChannelNorm {
    @Override
    public Tensor forward(Tensor images) {
      return norm.forward(images);
    }
  }
}
