package org.widthwise.torch.nn;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.torch.engine.Tensors;

/** One block of a transformer: {@code x ← x + m·attention(norm(x))}, the same with feed-forward. */
final class TransformerBlock {

  private static final int LAST = -1;
  private static final int POSITIONS = 1;
  private static final int HEADS = 2;

  private final TransformerShape shape;
  private final FeatureNorm attentionNorm;
  private final Attention attention;
  private final FeatureNorm feedForwardNorm;
  private final FeedForwardPart feedForward;
  private final DoubleOptional attentionMultiplier;
  private final Scalar residualMultiplier;

  /** Kept: native calls that visit all modules call back into the Java object of each. */
  @SuppressWarnings("unused")
  private final Module container;

  TransformerBlock(
      Module blocks, int index, TransformerShape shape, TransformerMultipliers multipliers) {
    String name = Integer.toString(index);
    String path = "blocks." + name + ".";
    this.shape = shape;
    this.container = blocks.register_module(name, new Module(name));
    this.attentionNorm =
        FeatureNorm.in(container, "attention_norm", shape.normalization(), shape.width());
    this.attention = Attention.in(container, path, shape);
    this.feedForwardNorm =
        FeatureNorm.in(container, "feed_forward_norm", shape.normalization(), shape.width());
    this.feedForward = FeedForwardPart.in(container, path, shape);
    this.attentionMultiplier = new DoubleOptional(multipliers.attention());
    this.residualMultiplier = new Scalar(multipliers.residual());
  }

  Tensor forward(Tensor input, FeatureTap tap) {
    Tensor attended = input.add(attention(attentionNorm.forward(input), tap), residualMultiplier);
    return attended.add(
        feedForward.forward(feedForwardNorm.forward(attended), tap), residualMultiplier);
  }

  private Tensor attention(Tensor input, FeatureTap tap) {
    Attention.Projections projections = attention.project(input, tap);
    Tensor mixed =
        torch.scaled_dot_product_attention(
            byHead(projections.queries()),
            byHead(projections.keys()),
            byHead(projections.values()),
            new TensorOptional(),
            0,
            true,
            attentionMultiplier,
            false);
    Tensor joined =
        mixed.transpose(POSITIONS, HEADS).reshape(input.size(0), input.size(1), shape.width());
    return attention.output().forward(joined, tap);
  }

  /** {@code [B, T, width]} as {@code [B, heads, T, d_head]}, without a copy. */
  private Tensor byHead(Tensor features) {
    return features
        .view(features.size(0), features.size(1), shape.heads(), shape.headWidth())
        .transpose(POSITIONS, HEADS);
  }

  /** The linear maps of attention. */
  private sealed interface Attention {

    record Projections(Tensor queries, Tensor keys, Tensor values) {}

    static Attention in(Module block, String blockPath, TransformerShape shape) {
      String path = blockPath + "attention.";
      Module module = block.register_module("attention", new Module("attention"));
      long width = shape.width();
      if (shape.fused()) {
        return new Fused(
            module,
            NamedLinear.in(module, path, "qkv", width, 3 * width, shape.bias()),
            NamedLinear.in(module, path, "output", width, width, shape.bias()));
      }
      return new Separate(
          module,
          NamedLinear.in(module, path, "query", width, width, shape.bias()),
          NamedLinear.in(module, path, "key", width, width, shape.bias()),
          NamedLinear.in(module, path, "value", width, width, shape.bias()),
          NamedLinear.in(module, path, "output", width, width, shape.bias()));
    }

    Projections project(Tensor input, FeatureTap tap);

    NamedLinear output();

    record Separate(
        Module module, NamedLinear query, NamedLinear key, NamedLinear value, NamedLinear output)
        implements Attention {
      @Override
      public Projections project(Tensor input, FeatureTap tap) {
        return new Projections(
            query.forward(input, tap), key.forward(input, tap), value.forward(input, tap));
      }
    }

    record Fused(Module module, NamedLinear qkv, NamedLinear output) implements Attention {
      @Override
      public Projections project(Tensor input, FeatureTap tap) {
        try (TensorVector parts = qkv.forward(input, tap).chunk(3, LAST)) {
          return new Projections(
              Tensors.kept(parts.get(0)), Tensors.kept(parts.get(1)), Tensors.kept(parts.get(2)));
        }
      }
    }
  }

  /** The linear maps of the feed-forward part. */
  private sealed interface FeedForwardPart {

    static FeedForwardPart in(Module block, String blockPath, TransformerShape shape) {
      String path = blockPath + "feed_forward.";
      Module module = block.register_module("feed_forward", new Module("feed_forward"));
      long width = shape.width();
      long inner = shape.feedForwardWidth();
      return switch (shape.feedForward()) {
        case GELU ->
            new Gelu(
                module,
                NamedLinear.in(module, path, "up", width, inner, shape.bias()),
                NamedLinear.in(module, path, "down", inner, width, shape.bias()));
        case SWIGLU ->
            new Swiglu(
                module,
                NamedLinear.in(module, path, "gate", width, inner, shape.bias()),
                NamedLinear.in(module, path, "up", width, inner, shape.bias()),
                NamedLinear.in(module, path, "down", inner, width, shape.bias()));
      };
    }

    Tensor forward(Tensor input, FeatureTap tap);

    record Gelu(Module module, NamedLinear up, NamedLinear down) implements FeedForwardPart {
      @Override
      public Tensor forward(Tensor input, FeatureTap tap) {
        return down.forward(torch.gelu(up.forward(input, tap)), tap);
      }
    }

    record Swiglu(Module module, NamedLinear gate, NamedLinear up, NamedLinear down)
        implements FeedForwardPart {
      @Override
      public Tensor forward(Tensor input, FeatureTap tap) {
        Tensor opened = torch.silu(gate.forward(input, tap));
        return down.forward(opened.mul(up.forward(input, tap)), tap);
      }
    }
  }
}
