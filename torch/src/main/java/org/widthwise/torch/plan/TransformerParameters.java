package org.widthwise.torch.plan;

import java.util.ArrayList;
import java.util.List;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.Parameter;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;
import org.widthwise.torch.nn.FeedForward;
import org.widthwise.torch.nn.Normalization;
import org.widthwise.torch.nn.Transformer;
import org.widthwise.torch.nn.TransformerShape;

/** What a transformer's parameters are, for plans. */
public final class TransformerParameters {

  private final TransformerShape shape;
  private final List<Parameter> parameters = new ArrayList<>();

  private TransformerParameters(TransformerShape shape) {
    this.shape = shape;
  }

  /**
   * The parameters by the names and in the order that {@link Transformer} gives them: both tables
   * are embeddings, what is in blocks is hidden.
   *
   * @param shape the network's shape
   * @return its parameters
   */
  public static List<Parameter> of(TransformerShape shape) {
    TransformerParameters made = new TransformerParameters(shape);
    made.addAll();
    return List.copyOf(made.parameters);
  }

  private void addAll() {
    add(Transformer.TOKEN_EMBEDDING, ParameterShape.embedding(shape.vocabulary(), shape.width()));
    add(Transformer.POSITION_EMBEDDING, ParameterShape.embedding(shape.context(), shape.width()));
    for (int block = 0; block < shape.layers(); block++) {
      addBlock("blocks." + block + ".");
    }
    addNorm("norm");
    if (!shape.tied()) {
      add(
          "readout.weight",
          ParameterShape.matrix(Layer.READOUT, shape.vocabulary(), shape.width()));
    }
  }

  private void addBlock(String path) {
    long width = shape.width();
    long inner = shape.feedForwardWidth();
    addNorm(path + "attention_norm");
    if (shape.fused()) {
      addLinear(path + "attention.qkv", 3 * width, width);
    } else {
      addLinear(path + "attention.query", width, width);
      addLinear(path + "attention.key", width, width);
      addLinear(path + "attention.value", width, width);
    }
    addLinear(path + "attention.output", width, width);
    addNorm(path + "feed_forward_norm");
    if (shape.feedForward() == FeedForward.SWIGLU) {
      addLinear(path + "feed_forward.gate", inner, width);
    }
    addLinear(path + "feed_forward.up", inner, width);
    addLinear(path + "feed_forward.down", width, inner);
  }

  private void addNorm(String name) {
    add(name + ".weight", ParameterShape.of(Role.GAIN, Layer.HIDDEN, shape.width()));
    if (shape.normalization() == Normalization.LAYER) {
      add(name + ".bias", ParameterShape.bias(Layer.HIDDEN, shape.width()));
    }
  }

  private void addLinear(String name, long fanOut, long fanIn) {
    add(name + ".weight", ParameterShape.matrix(Layer.HIDDEN, fanOut, fanIn));
    if (shape.bias()) {
      add(name + ".bias", ParameterShape.bias(Layer.HIDDEN, fanOut));
    }
  }

  private void add(String name, ParameterShape parameterShape) {
    parameters.add(new Parameter(name, parameterShape));
  }
}
