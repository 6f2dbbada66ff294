package org.widthwise.lab.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.shape.Parameter;
import org.widthwise.torch.nn.ChannelNormalization;
import org.widthwise.torch.nn.Mlp;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.nn.Network;
import org.widthwise.torch.nn.ResNet;
import org.widthwise.torch.nn.ResNetShape;
import org.widthwise.torch.nn.Transformer;
import org.widthwise.torch.nn.TransformerShape;
import org.widthwise.torch.plan.MlpParameters;
import org.widthwise.torch.plan.ResNetParameters;
import org.widthwise.torch.plan.TransformerParameters;

/** A network as it is described before it is built: its components are all there is to it. */
public sealed interface Architecture {

  /**
   * The kind of network.
   *
   * @return a word
   */
  String kind();

  /**
   * All that the network is built from.
   *
   * @return values by name, for files
   */
  Map<String, Object> configuration();

  /**
   * The parameters, for a plan.
   *
   * @return in the module's order
   */
  List<Parameter> parameters();

  /**
   * Builds the network, float32, on the CPU, with the multipliers of a plan. Libtorch must be
   * loaded.
   *
   * @param plan a plan of its {@link #parameters()}
   * @return a new network, initialised as libtorch does
   */
  Network build(Plan plan);

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /**
   * A multilayer perceptron.
   *
   * @param shape its shape
   */
  record Perceptron(MlpShape shape) implements Architecture {
    @Override
    public String kind() {
      return "mlp";
    }

    @Override
    public Map<String, Object> configuration() {
      Map<String, Object> values = new LinkedHashMap<>();
      values.put("kind", kind());
      values.put("widths", shape.widths());
      values.put("activation", word(shape.activation()));
      values.put("bias", shape.bias());
      return values;
    }

    @Override
    public List<Parameter> parameters() {
      return MlpParameters.of(shape);
    }

    @Override
    public Network build(Plan plan) {
      return new Mlp(shape);
    }
  }

  /**
   * A residual network.
   *
   * @param shape its shape
   */
  record Residual(ResNetShape shape) implements Architecture {
    @Override
    public String kind() {
      return "resnet";
    }

    @Override
    public Map<String, Object> configuration() {
      Map<String, Object> values = new LinkedHashMap<>();
      values.put("kind", kind());
      values.put("channels", shape.channels());
      values.put("classes", shape.classes());
      values.put("width", shape.width());
      values.put("blocks", shape.blocks());
      values.put(
          "normalization",
          shape.normalization() instanceof ChannelNormalization.Group group
              ? "group of " + group.groups()
              : "batch");
      return values;
    }

    @Override
    public List<Parameter> parameters() {
      return ResNetParameters.of(shape);
    }

    @Override
    public Network build(Plan plan) {
      return new ResNet(shape, plan.branchMultiplier());
    }
  }

  /**
   * A transformer over characters.
   *
   * @param shape its shape
   * @param attentionMultiplier by which the products of queries and keys are multiplied
   */
  record Decoder(TransformerShape shape, double attentionMultiplier) implements Architecture {
    @Override
    public String kind() {
      return "transformer";
    }

    @Override
    public Map<String, Object> configuration() {
      Map<String, Object> values = new LinkedHashMap<>();
      values.put("kind", kind());
      values.put("vocabulary", shape.vocabulary());
      values.put("context", shape.context());
      values.put("width", shape.width());
      values.put("layers", shape.layers());
      values.put("heads", shape.heads());
      values.put("feed_forward_width", shape.feedForwardWidth());
      values.put("normalization", word(shape.normalization()));
      values.put("feed_forward", word(shape.feedForward()));
      values.put("bias", shape.bias());
      values.put("tied", shape.tied());
      values.put("fused", shape.fused());
      values.put("attention_multiplier", attentionMultiplier);
      return values;
    }

    @Override
    public List<Parameter> parameters() {
      return TransformerParameters.of(shape);
    }

    @Override
    public Network build(Plan plan) {
      return new Transformer(
          shape, TransformerParameters.multipliers(plan, shape, attentionMultiplier));
    }
  }
}
