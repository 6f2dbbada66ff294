package org.widthwise.torch.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.StringTensorDict;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.DepthScaling;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.shape.Fans;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.Parameter;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.engine.Tensors;
import org.widthwise.torch.nn.ChannelNormalization;
import org.widthwise.torch.nn.FeedForward;
import org.widthwise.torch.nn.Normalization;
import org.widthwise.torch.nn.ResNet;
import org.widthwise.torch.nn.ResNetShape;
import org.widthwise.torch.nn.Transformer;
import org.widthwise.torch.nn.TransformerMultipliers;
import org.widthwise.torch.nn.TransformerShape;

/** What is declared of transformers and residual networks, against the modules themselves. */
final class NetworkParametersTest {

  private static final TransformerShape TRANSFORMER = TransformerShape.of(11, 7, 12, 2, 3);

  static final List<TransformerShape> TRANSFORMERS =
      List.of(
          TRANSFORMER,
          TRANSFORMER.withTied(true).withFused(true).withBias(true),
          TRANSFORMER
              .withNormalization(Normalization.LAYER)
              .withFeedForward(FeedForward.SWIGLU)
              .withFeedForwardWidth(20));

  static final List<ResNetShape> RESIDUAL_NETWORKS =
      List.of(
          ResNetShape.cifar10(4, 2),
          ResNetShape.cifar10(4, 1)
              .withData(1, 3)
              .withNormalization(new ChannelNormalization.Group(2)));

  private final PointerScope scope = new PointerScope();

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private record Named(String name, List<Long> dimensions) {}

  private static List<Named> declared(List<Parameter> parameters) {
    return parameters.stream().map(p -> new Named(p.name(), p.shape().dimensions())).toList();
  }

  private static List<Named> own(Module module) {
    List<Named> own = new ArrayList<>();
    StringTensorDict parameters = module.named_parameters();
    for (long i = 0; i < parameters.size(); i++) {
      List<Long> dimensions = new ArrayList<>();
      for (long size : Tensors.shape(parameters.get(i).value())) {
        dimensions.add(size);
      }
      own.add(new Named(parameters.get(i).key().getString(), dimensions));
    }
    return own;
  }

  @ParameterizedTest
  @FieldSource("TRANSFORMERS")
  void thoseOfATransformerAreItsOwnInOrder(TransformerShape shape) {
    assertThat(declared(TransformerParameters.of(shape)))
        .containsExactlyElementsOf(own(new Transformer(shape)));
  }

  @ParameterizedTest
  @FieldSource("RESIDUAL_NETWORKS")
  void thoseOfAResidualNetworkAreItsOwnInOrder(ResNetShape shape) {
    assertThat(declared(ResNetParameters.of(shape)))
        .containsExactlyElementsOf(own(new ResNet(shape)));
  }

  @Test
  void rolesAndLayersAreRight() {
    Map<String, ParameterShape> transformer =
        byName(
            TransformerParameters.of(
                TRANSFORMER.withNormalization(Normalization.LAYER).withBias(true)));
    assertShape(transformer, "token_embedding.weight", Role.EMBEDDING, Layer.INPUT);
    assertShape(transformer, "position_embedding.weight", Role.EMBEDDING, Layer.INPUT);
    assertShape(transformer, "blocks.1.attention.query.weight", Role.MATRIX, Layer.HIDDEN);
    assertShape(transformer, "blocks.1.feed_forward.down.weight", Role.MATRIX, Layer.HIDDEN);
    assertShape(transformer, "blocks.0.feed_forward.up.bias", Role.BIAS, Layer.HIDDEN);
    assertShape(transformer, "blocks.0.attention_norm.weight", Role.GAIN, Layer.HIDDEN);
    assertShape(transformer, "norm.bias", Role.BIAS, Layer.HIDDEN);
    assertShape(transformer, "readout.weight", Role.MATRIX, Layer.READOUT);
    assertShape(
        byName(TransformerParameters.of(TRANSFORMER.withTied(true))),
        "token_embedding.weight",
        Role.TIED_EMBEDDING,
        Layer.INPUT);
    Map<String, ParameterShape> network = byName(ResNetParameters.of(ResNetShape.cifar10(4, 1)));
    assertShape(network, "conv1.weight", Role.CONVOLUTION, Layer.INPUT);
    assertShape(network, "layer2.0.conv1.weight", Role.CONVOLUTION, Layer.HIDDEN);
    assertShape(network, "layer2.0.downsample.1.weight", Role.GAIN, Layer.HIDDEN);
    assertShape(network, "fc.weight", Role.MATRIX, Layer.READOUT);
    assertShape(network, "fc.bias", Role.BIAS, Layer.READOUT);
  }

  @Test
  void residualBranchesAndStackedMapsAreCounted() {
    Map<String, Parameter> transformer =
        parameters(TransformerParameters.of(TRANSFORMER.withFused(true).withBias(true)));
    assertThat(transformer)
        .hasEntrySatisfying(
            "blocks.0.attention.qkv.weight",
            qkv -> {
              assertThat(qkv.branches()).isEqualTo(4);
              assertThat(qkv.shape().maps()).isEqualTo(3);
              assertThat(qkv.shape().fans()).isEqualTo(new Fans(12, 12));
            })
        .hasEntrySatisfying(
            "blocks.0.attention.qkv.bias", b -> assertThat(b.shape().maps()).isEqualTo(3))
        .hasEntrySatisfying(
            "blocks.1.feed_forward_norm.weight", p -> assertThat(p.branches()).isEqualTo(4))
        .hasEntrySatisfying("norm.weight", p -> assertThat(p.branches()).isEqualTo(1))
        .hasEntrySatisfying("readout.weight", p -> assertThat(p.branches()).isEqualTo(1));
    assertThat(parameters(ResNetParameters.of(ResNetShape.cifar10(4, 2))))
        .hasEntrySatisfying("conv1.weight", p -> assertThat(p.branches()).isEqualTo(1))
        .hasEntrySatisfying("layer3.1.bn2.weight", p -> assertThat(p.branches()).isEqualTo(6))
        .hasEntrySatisfying(
            "layer2.0.downsample.0.weight", p -> assertThat(p.branches()).isEqualTo(1));
  }

  @Test
  void multipliersAreThoseOfThePlan() {
    Recipe recipe =
        Recipe.of(Parametrizations.SPECTRAL, UpdateRules.ADAM)
            .withDepthScaling(DepthScaling.COMPLETE_P);
    TransformerShape tied = TRANSFORMER.withTied(true);
    // L = 4 branches and width 12.
    assertThat(
            TransformerParameters.multipliers(
                recipe.plan(TransformerParameters.of(tied)), tied, 0.25))
        .isEqualTo(new TransformerMultipliers(0.25, 1.0 / 4, 1.0 / 12));
    assertThat(
            TransformerParameters.multipliers(
                recipe.plan(TransformerParameters.of(TRANSFORMER)), TRANSFORMER, 0.5))
        .isEqualTo(new TransformerMultipliers(0.5, 1.0 / 4, 1));
    assertThat(recipe.plan(ResNetParameters.of(ResNetShape.cifar10(4, 2))).branchMultiplier())
        .isEqualTo(1.0 / 6);
  }

  private static Map<String, Parameter> parameters(List<Parameter> parameters) {
    return parameters.stream().collect(Collectors.toMap(Parameter::name, p -> p));
  }

  private static Map<String, ParameterShape> byName(List<Parameter> parameters) {
    return parameters.stream().collect(Collectors.toMap(Parameter::name, Parameter::shape));
  }

  private static void assertShape(
      Map<String, ParameterShape> shapes, String name, Role role, Layer layer) {
    assertThat(shapes.get(name))
        .as(name)
        .isNotNull()
        .returns(role, ParameterShape::role)
        .returns(layer, ParameterShape::layer);
  }
}
