package org.widthwise.torch.plan;

import java.util.ArrayList;
import java.util.List;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.Parameter;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;
import org.widthwise.torch.nn.FeedForward;
import org.widthwise.torch.nn.Normalization;
import org.widthwise.torch.nn.Transformer;
import org.widthwise.torch.nn.TransformerMultipliers;
import org.widthwise.torch.nn.TransformerShape;

/** What a transformer's parameters are, for plans. */
public final class TransformerParameters {

  /** In no residual branch. */
  private static final int OUTSIDE = 1;

  private final TransformerShape shape;
  private final List<Parameter> parameters = new ArrayList<>();

  private TransformerParameters(TransformerShape shape) {
    this.shape = shape;
  }

  /**
   * The parameters by the names and in the order that {@link Transformer} gives them: both tables
   * are embeddings, what is in blocks is hidden and stands in one of twice as many residual
   * branches as there are blocks. A fused matrix is a stack of three maps.
   *
   * @param shape the network's shape
   * @return its parameters
   */
  public static List<Parameter> of(TransformerShape shape) {
    TransformerParameters made = new TransformerParameters(shape);
    made.addAll();
    return List.copyOf(made.parameters);
  }

  /**
   * The multipliers that a plan gives a transformer.
   *
   * @param plan a plan of {@link #of} of the same shape
   * @param shape the network's shape
   * @param attention by which the products of queries and keys are multiplied, of which a plan of
   *     parameters has nothing to say
   * @return the multipliers: the plan's for residual branches and, if it is tied, the readout
   * @throws IllegalArgumentException if the plan lacks a parameter
   */
  public static TransformerMultipliers multipliers(
      Plan plan, TransformerShape shape, double attention) {
    double readout = shape.tied() ? plan.get(Transformer.TOKEN_EMBEDDING).scale().multiplier() : 1;
    return new TransformerMultipliers(attention, plan.branchMultiplier(), readout);
  }

  private void addAll() {
    Role table = shape.tied() ? Role.TIED_EMBEDDING : Role.EMBEDDING;
    add(
        Transformer.TOKEN_EMBEDDING,
        ParameterShape.of(table, Layer.INPUT, shape.vocabulary(), shape.width()),
        OUTSIDE);
    add(
        Transformer.POSITION_EMBEDDING,
        ParameterShape.embedding(shape.context(), shape.width()),
        OUTSIDE);
    for (int block = 0; block < shape.layers(); block++) {
      addBlock("blocks." + block + ".");
    }
    addNorm("norm", OUTSIDE);
    if (!shape.tied()) {
      add(
          "readout.weight",
          ParameterShape.matrix(Layer.READOUT, shape.vocabulary(), shape.width()),
          OUTSIDE);
    }
  }

  private void addBlock(String path) {
    long width = shape.width();
    long inner = shape.feedForwardWidth();
    addNorm(path + "attention_norm", branches());
    if (shape.fused()) {
      addLinear(path + "attention.qkv", 3 * width, width, 3);
    } else {
      addLinear(path + "attention.query", width, width, 1);
      addLinear(path + "attention.key", width, width, 1);
      addLinear(path + "attention.value", width, width, 1);
    }
    addLinear(path + "attention.output", width, width, 1);
    addNorm(path + "feed_forward_norm", branches());
    if (shape.feedForward() == FeedForward.SWIGLU) {
      addLinear(path + "feed_forward.gate", inner, width, 1);
    }
    addLinear(path + "feed_forward.up", inner, width, 1);
    addLinear(path + "feed_forward.down", width, inner, 1);
  }

  private int branches() {
    return 2 * shape.layers();
  }

  private void addNorm(String name, int branches) {
    add(name + ".weight", ParameterShape.of(Role.GAIN, Layer.HIDDEN, shape.width()), branches);
    if (shape.normalization() == Normalization.LAYER) {
      add(name + ".bias", ParameterShape.bias(Layer.HIDDEN, shape.width()), branches);
    }
  }

  private void addLinear(String name, long fanOut, long fanIn, int maps) {
    add(
        name + ".weight",
        ParameterShape.matrix(Layer.HIDDEN, fanOut, fanIn).stacked(maps),
        branches());
    if (shape.bias()) {
      add(name + ".bias", ParameterShape.bias(Layer.HIDDEN, fanOut).stacked(maps), branches());
    }
  }

  private void add(String name, ParameterShape parameterShape, int branches) {
    parameters.add(new Parameter(name, parameterShape, branches));
  }
}
