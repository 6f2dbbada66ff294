package org.widthwise.torch.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.OptimizerParamGroup;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.Mlp;
import org.widthwise.torch.nn.MlpShape;

final class SgdTest {
  private static final MlpShape SHAPE = MlpShape.of(Activation.TANH, 6, 9, 3).withBias(true);

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
  @CsvSource({
    "0, false, 0",
    "0.9, false, 0",
    "0.9, true, 0",
    "0, false, 0.1",
    "0.7, false, 0.1",
    "0.7, true, 0.1"
  })
  void takesTheStepsOfLibtorchBitForBit(double momentum, boolean nesterov, double weightDecay) {
    MlpWeights start = Problems.weights(ScalarType.Float, SHAPE, 1);
    FullBatch batch = Problems.batch(ScalarType.Float, 12, SHAPE, 2);
    Map<String, Double> rates = Problems.rates(SHAPE, 0.3).byParameterName();

    Mlp ours = Problems.mlp(ScalarType.Float, SHAPE, start);
    Sgd sgd = new Sgd(ours, rates, new SgdOptions(momentum, nesterov, weightDecay));
    Mlp theirs = Problems.mlp(ScalarType.Float, SHAPE, start);
    SGD reference = reference(theirs, rates, momentum, nesterov, weightDecay);

    for (int step = 0; step < 20; step++) {
      sgd.zeroGradients();
      loss(ours, batch).backward();
      sgd.step();
      reference.zero_grad();
      loss(theirs, batch).backward();
      reference.step();
    }

    MlpWeights reached = MlpWeights.of(ours);
    assertThat(Problems.identical(reached, MlpWeights.of(theirs))).isTrue();
    assertThat(Problems.distance(reached, start)).isGreaterThan(0.01);
  }

  @Test
  void leavesParametersWithoutGradientAlone() {
    MlpWeights start = Problems.weights(ScalarType.Float, SHAPE, 1);
    Mlp mlp = Problems.mlp(ScalarType.Float, SHAPE, start);
    new Sgd(mlp, Problems.rates(SHAPE, 1).byParameterName(), SgdOptions.plain()).step();
    assertThat(Problems.identical(MlpWeights.of(mlp), start)).isTrue();
  }

  @Test
  void saysWhichRateIsMissingOrUnknown() {
    Mlp mlp = new Mlp(SHAPE);
    Map<String, Double> rates = new HashMap<>(Problems.rates(SHAPE, 1).byParameterName());
    rates.remove("layers.1.bias");
    assertThatThrownBy(() -> new Sgd(mlp, rates, SgdOptions.plain()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("layers.1.bias is null");
    rates.put("layers.1.bias", Double.NaN);
    assertThatThrownBy(() -> new Sgd(mlp, rates, SgdOptions.plain()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("layers.1.bias is NaN");
    rates.put("layers.1.bias", 1.0);
    rates.put("fc9", 1.0);
    assertThatThrownBy(() -> new Sgd(mlp, rates, SgdOptions.plain()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[fc9]");
    assertThatThrownBy(() -> SgdOptions.plain().withNesterov(true))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SgdOptions.plain().withMomentum(-1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SgdOptions.plain().withWeightDecay(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static SGD reference(
      Mlp mlp, Map<String, Double> rates, double momentum, boolean nesterov, double weightDecay) {
    StringTensorDict parameters = mlp.named_parameters();
    SGD optimizer = null;
    for (long i = 0; i < parameters.size(); i++) {
      TensorVector group = new TensorVector(parameters.get(i).value());
      SGDOptions options =
          new SGDOptions(rates.getOrDefault(parameters.get(i).key().getString(), 0.0));
      options.momentum().put(momentum);
      options.nesterov().put(nesterov);
      options.weight_decay().put(weightDecay);
      if (optimizer == null) {
        optimizer = new SGD(group, options);
      } else {
        optimizer.add_param_group(new OptimizerParamGroup(group, options));
      }
    }
    return Objects.requireNonNull(optimizer);
  }

  private static Tensor loss(Mlp mlp, FullBatch batch) {
    return torch.mse_loss(mlp.forward(batch.inputs()), batch.targets());
  }
}
