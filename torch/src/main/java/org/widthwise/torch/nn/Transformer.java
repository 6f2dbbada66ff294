package org.widthwise.torch.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.EmbeddingImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.widthwise.torch.engine.Tensors;

/**
 * A decoder-only transformer as an ordinary libtorch module. Its parameters are named {@code
 * token_embedding.weight}, {@code position_embedding.weight}, {@code
 * blocks.0.attention_norm.weight}, {@code blocks.0.attention.query.weight} with {@code key}, {@code
 * value} and {@code output} (fused: {@code qkv} and {@code output}), {@code
 * blocks.0.feed_forward_norm.weight}, {@code blocks.0.feed_forward.up.weight} with {@code down}
 * (and {@code gate}), …, {@code norm.weight}, and, unless it is tied, {@code readout.weight}.
 *
 * <p>The weights are initialised as libtorch does by default; a {@link
 * org.widthwise.torch.plan.PlannedModule} fills them. Call {@link
 * org.widthwise.torch.engine.Libtorch#load()} before the first instance is made.
 */
public final class Transformer extends Module implements Network {

  /** The name of the table of tokens, {@code [vocabulary, width]}. */
  public static final String TOKEN_EMBEDDING = "token_embedding.weight";

  /** The name of the table of positions, {@code [context, width]}. */
  public static final String POSITION_EMBEDDING = "position_embedding.weight";

  private final TransformerShape shape;
  private final TransformerMultipliers multipliers;
  private final EmbeddingImpl tokens;
  private final EmbeddingImpl positions;
  private final List<TransformerBlock> blocks;
  private final FeatureNorm norm;
  private final @Nullable NamedLinear readout;
  private final Scalar readoutMultiplier;

  /** Kept: native calls that visit all modules call back into the Java object of each. */
  @SuppressWarnings("unused")
  private final Module container;

  /**
   * Builds the network, float32, on the CPU, with {@link
   * TransformerMultipliers#of(TransformerShape)}.
   *
   * @param shape what it is built from
   */
  public Transformer(TransformerShape shape) {
    this(shape, TransformerMultipliers.of(shape));
  }

  /**
   * Builds the network, float32, on the CPU.
   *
   * @param shape what it is built from
   * @param multipliers by which it multiplies in the forward pass
   */
  public Transformer(TransformerShape shape, TransformerMultipliers multipliers) {
    super("Transformer");
    this.shape = shape;
    this.multipliers = multipliers;
    this.tokens =
        register_module("token_embedding", new EmbeddingImpl(shape.vocabulary(), shape.width()));
    this.positions =
        register_module("position_embedding", new EmbeddingImpl(shape.context(), shape.width()));
    this.container = register_module("blocks", new Module("blocks"));
    List<TransformerBlock> made = new ArrayList<>();
    for (int index = 0; index < shape.layers(); index++) {
      made.add(new TransformerBlock(container, index, shape, multipliers));
    }
    this.blocks = List.copyOf(made);
    this.norm = FeatureNorm.in(this, "norm", shape.normalization(), shape.width());
    this.readout =
        shape.tied()
            ? null
            : NamedLinear.in(this, "", "readout", shape.width(), shape.vocabulary(), false);
    this.readoutMultiplier = new Scalar(multipliers.readout());
  }

  /**
   * What the network was built from.
   *
   * @return the shape
   */
  public TransformerShape shape() {
    return shape;
  }

  /**
   * By what the network multiplies in the forward pass.
   *
   * @return the multipliers
   */
  public TransformerMultipliers multipliers() {
    return multipliers;
  }

  @Override
  public Module module() {
    return this;
  }

  /**
   * {@inheritDoc}
   *
   * <p>Position t of the output depends on the tokens 0 to t alone.
   *
   * @param inputs tokens {@code [B, T]} of int64, each from 0 to vocabulary − 1, T at most the
   *     context
   * @return logits of the next token, {@code [B, T, vocabulary]}
   */
  @Override
  public Tensor forward(Tensor inputs, FeatureTap tap) {
    if (inputs.dim() != 2
        || inputs.size(1) < 1
        || inputs.size(1) > shape.context()
        || Tensors.type(inputs) != ScalarType.Long) {
      throw new IllegalArgumentException(
          "the inputs of this transformer must be tokens [B, T] of int64 with T from 1 to %d, but"
                  .formatted(shape.context())
              + " have shape %s and type %s"
                  .formatted(Arrays.toString(Tensors.shape(inputs)), Tensors.type(inputs)));
    }
    Tensor token = tokens.forward(inputs);
    tap.observe(TOKEN_EMBEDDING, inputs, token);
    Tensor order = torch.arange(new Scalar(inputs.size(1)), inputs.options());
    Tensor position = positions.forward(order);
    tap.observe(POSITION_EMBEDDING, order, position);
    Tensor features = token.add(position);
    for (TransformerBlock block : blocks) {
      features = block.forward(features, tap);
    }
    Tensor last = norm.forward(features);
    Tensor scaled = multipliers.readout() == 1 ? last : last.mul(readoutMultiplier);
    if (readout != null) {
      return readout.forward(scaled, tap);
    }
    Tensor logits = torch.linear(scaled, tokens.weight());
    tap.observe(TOKEN_EMBEDDING, scaled, logits);
    return logits;
  }
}
