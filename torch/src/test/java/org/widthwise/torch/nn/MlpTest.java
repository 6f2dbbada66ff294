package org.widthwise.torch.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.widthwise.torch.engine.Libtorch;

final class MlpTest {
  private final PointerScope scope = new PointerScope();

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void featuresAreThePapersRecursion(Activation activation) {
    Mlp mlp = new Mlp(MlpShape.of(activation, 5, 7, 6, 2).withBias(true));
    mlp.to(ScalarType.Double, false);
    Tensor x = torch.randn(11, 5).to(ScalarType.Double);

    List<Tensor> features = mlp.forwardFeatures(x);

    assertThat(features).hasSize(3);
    Tensor h1 = x.mm(mlp.weight(0).t()).add(mlp.bias(0));
    Tensor h2 = phi(activation, h1).mm(mlp.weight(1).t()).add(mlp.bias(1));
    Tensor h3 = phi(activation, h2).mm(mlp.weight(2).t()).add(mlp.bias(2));
    assertThat(distance(features.get(0), h1)).isLessThan(1e-14);
    assertThat(distance(features.get(1), h2)).isLessThan(1e-14);
    assertThat(distance(features.get(2), h3)).isLessThan(1e-14);
    assertThat(mlp.forward(x).equal(features.get(2))).isTrue();
  }

  @Test
  void parametersAreNamedAsAListOfLayers() {
    assertThat(names(new Mlp(MlpShape.of(Activation.RELU, 4, 3, 1))))
        .containsExactly("layers.0.weight", "layers.1.weight");
    Mlp biased = new Mlp(MlpShape.of(Activation.RELU, 4, 3, 1).withBias(true));
    assertThat(names(biased))
        .containsExactly(Mlp.weightName(0), Mlp.biasName(0), Mlp.weightName(1), Mlp.biasName(1));
    Tensor named = biased.named_parameters().get("layers.1.weight");
    assertThat(named.is_same(biased.weight(1))).isTrue();
    assertThat(named.size(0)).isEqualTo(1);
    assertThat(named.size(1)).isEqualTo(3);
  }

  @Test
  void theTapSeesEveryLayerAndWhatItReads() {
    Mlp mlp = new Mlp(MlpShape.of(Activation.TANH, 5, 7, 2).withBias(true));
    Tensor x = torch.randn(11, 5);
    List<String> names = new ArrayList<>();
    List<Tensor> inputs = new ArrayList<>();
    List<Tensor> outputs = new ArrayList<>();

    Tensor y =
        mlp.forward(
            x,
            (name, input, output) -> {
              names.add(name);
              inputs.add(input);
              outputs.add(output);
            });

    assertThat(names).containsExactly("layers.0.weight", "layers.1.weight");
    assertThat(inputs.get(0).is_same(x)).isTrue();
    assertThat(inputs.get(1).equal(outputs.get(0).tanh())).isTrue();
    assertThat(outputs.get(1).is_same(y)).isTrue();
    assertThat(y.equal(mlp.forward(x))).isTrue();
    assertThat(mlp.module()).isSameAs(mlp);
  }

  @Test
  void worksAfterGarbageCollections() {
    Mlp mlp = new Mlp(MlpShape.of(Activation.RELU, 4, 3, 1));
    Tensor x = torch.randn(2, 4);
    for (int round = 0; round < 3; round++) {
      System.gc();
      mlp.forward(x).sum().backward();
      assertThat(mlp.weight(1).grad().defined()).isTrue();
      mlp.zero_grad(true);
      assertThat(mlp.weight(1).grad().defined()).isFalse();
      mlp.train(false);
      assertThat(mlp.is_training()).isFalse();
      mlp.train(true);
    }
  }

  @Test
  void oneLayerIsALinearMap() {
    Mlp mlp = new Mlp(MlpShape.of(Activation.TANH, 4, 3));
    Tensor x = torch.randn(2, 4);
    assertThat(distance(mlp.forward(x), x.mm(mlp.weight(0).t()))).isLessThan(1e-6);
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> MlpShape.of(Activation.RELU, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[4]");
    assertThatThrownBy(() -> MlpShape.of(Activation.RELU, 4, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("got 0 in [4, 0, 1]");
    Mlp mlp = new Mlp(MlpShape.of(Activation.RELU, 4, 1));
    assertThatThrownBy(() -> mlp.forward(torch.randn(2, 5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[B, 4]")
        .hasMessageContaining("[2, 5]");
    assertThatThrownBy(() -> mlp.bias(0)).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void theClosedFormDerivativeIsThatOfAutograd(Activation activation) {
    Tensor h = torch.linspace(new Scalar(-4.0), new Scalar(4.0), 161).to(ScalarType.Double);
    h.set_requires_grad(true);
    activation.apply(h).sum().backward();

    Tensor plain = h.detach();
    Tensor feature = torch.zeros_like(plain);
    activation.applyInto(feature, plain);
    Tensor gradient = torch.ones_like(plain);
    activation.multiplyByDerivative(gradient, plain, feature, new Scalar(0.0));

    assertThat(distance(feature, phi(activation, plain))).isLessThan(1e-15);
    assertThat(distance(gradient, h.grad())).isLessThan(1e-15);
    if (!activation.derivativeNeedsPreactivation()) {
      Tensor inPlace = plain.clone();
      activation.applyInto(inPlace, inPlace);
      assertThat(inPlace.equal(feature)).isTrue();
    }
  }

  private static Tensor phi(Activation activation, Tensor h) {
    return switch (activation) {
      case RELU -> h.clamp_min(new Scalar(0.0));
      case TANH -> torch.sigmoid(h.mul(new Scalar(2.0))).mul(new Scalar(2.0)).sub(new Scalar(1.0));
      case GELU ->
          h.mul(torch.erf(h.div(new Scalar(Math.sqrt(2)))).add(new Scalar(1.0)))
              .mul(new Scalar(0.5));
      case IDENTITY -> h;
    };
  }

  private static double distance(Tensor a, Tensor b) {
    return a.sub(b).abs().max().item_double();
  }

  private static List<String> names(Mlp mlp) {
    StringTensorDict parameters = mlp.named_parameters();
    List<String> names = new ArrayList<>();
    for (long i = 0; i < parameters.size(); i++) {
      names.add(parameters.get(i).key().getString());
    }
    return names;
  }
}
