package org.widthwise.torch.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.engine.MetaDevice;
import org.widthwise.torch.nn.Activation;

/** The trainers of the paper's perceptrons keep to the device on which the weights are. */
final class AnyDeviceMlpTest {

  private static final LayerRates RATES =
      LayerRates.of(new double[] {0.1, 0.1, 0.1}, new double[] {0.1, 0.1, 0.1});

  private final PointerScope scope = new PointerScope();

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private static Tensor there(long... shape) {
    return MetaDevice.here(torch.zeros(shape, new TensorOptions(ScalarType.Float)));
  }

  private static MlpWeights weights() {
    return new MlpWeights(
        List.of(there(8, 6), there(8, 8), there(1, 8)), List.of(there(8), there(8), there(1)));
  }

  private static void assertThere(MlpWeights weights) {
    assertThat(Stream.concat(weights.weights().stream(), weights.biases().stream()))
        .hasSize(6)
        .allSatisfy(tensor -> assertThat(tensor.is_meta()).isTrue());
  }

  /** Fewer examples than inputs are trained in their span, more are not. */
  @ParameterizedTest
  @ValueSource(ints = {4, 9})
  void stepsInClosedForm(int examples) {
    try (NoGradGuard guard = new NoGradGuard()) {
      MlpWeights weights = weights();
      ClosedFormMlp network =
          ClosedFormMlp.of(
              weights,
              Activation.TANH,
              new FullBatch(there(examples, 6), there(examples, 1)),
              RATES);
      network.forward();
      network.descend();
      network.forward();
      network.descend();
      network.writeBack();
      assertThere(weights);
    }
  }

  @Test
  void passesBothWays() {
    assertThere(gradients(there(4, 6)));
  }

  @Test
  void passesTokensBothWays() {
    Tensor tokens = torch.zeros(new long[] {4}, new TensorOptions(ScalarType.Long));
    // Tokens are looked at, whether they are in the vocabulary: here they have been.
    MlpForward forward =
        new MlpForward(
            List.of(there(4, 8), there(4, 8), there(4, 1)), List.of(there(4, 8), there(4, 8)));
    Batch batch = new Batch(MetaDevice.here(tokens), there(4, 1));
    MlpPass pass =
        MlpPass.backward(
            weights(), Activation.TANH, new Loss.MeanSquaredError(), batch, forward, 0);
    assertThere(pass.gradients());
  }

  private static MlpWeights gradients(Tensor inputs) {
    MlpWeights weights = weights();
    Batch batch = new Batch(inputs, there(4, 1));
    MlpForward forward = MlpForward.of(weights, Activation.TANH, inputs);
    return MlpPass.backward(
            weights, Activation.TANH, new Loss.MeanSquaredError(), batch, forward, 0)
        .gradients();
  }
}
