package org.widthwise.torch.nn;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.LayerNormImpl;
import org.bytedeco.pytorch.LayerNormOptions;
import org.bytedeco.pytorch.LongVector;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Normalises the last dimension of features. */
sealed interface FeatureNorm {

  /** Added to the mean square; libtorch's own for layer normalisation, and taken for both. */
  double EPSILON = 1e-5;

  /** Makes a normalisation and registers it under a name. */
  static FeatureNorm in(Module parent, String name, Normalization kind, long width) {
    return switch (kind) {
      case RMS -> {
        Module module = parent.register_module(name, new Module(name));
        Tensor gain = module.register_parameter("weight", torch.ones(width));
        yield new Rms(module, gain, width, new DoubleOptional(EPSILON));
      }
      case LAYER -> {
        LayerNormOptions options = new LayerNormOptions(new LongVector(new long[] {width}));
        options.eps().put(EPSILON);
        yield new Layer(parent.register_module(name, new LayerNormImpl(options)));
      }
    };
  }

  Tensor forward(Tensor features);

  /** Libtorch has the function but no module of its own for it in C++. */
  record Rms(Module module, Tensor gain, long width, DoubleOptional epsilon)
      implements FeatureNorm {
    @Override
    public Tensor forward(Tensor features) {
      return torch.rms_norm(features, new long[] {width}, new TensorOptional(gain), epsilon);
    }
  }

  record Layer(LayerNormImpl norm) implements FeatureNorm {
    @Override
    public Tensor forward(Tensor features) {
      return norm.forward(features);
    }
  }
}
