package org.widthwise.torch.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.engine.Tensors;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.Mlp;
import org.widthwise.torch.nn.MlpShape;

final class MlpPassTest {
  private static final int[][] WIDTHS = {{6, 3}, {6, 9, 3}, {6, 7, 8, 3}, {6, 5, 9, 7, 3}};
  private static final int EXAMPLES = 11;

  private final PointerScope scope = new PointerScope();

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /** What the targets are, and so which loss. */
  enum Task {
    REGRESSION,
    CLASSES,
    CLASS_WEIGHTS;

    Loss loss() {
      return this == REGRESSION ? new Loss.MeanSquaredError() : new Loss.SoftmaxCrossEntropy();
    }
  }

  static Stream<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    for (int[] widths : WIDTHS) {
      for (Activation activation : Activation.values()) {
        for (boolean bias : new boolean[] {false, true}) {
          for (boolean tokens : new boolean[] {false, true}) {
            for (Task task : Task.values()) {
              MlpShape shape = MlpShape.of(activation, widths).withBias(bias);
              cases.add(Arguments.of(shape, tokens, task));
            }
          }
        }
      }
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isWhatAutogradFinds(MlpShape shape, boolean tokens, Task task) {
    MlpWeights weights = Problems.weights(ScalarType.Double, shape, 3);
    Batch batch = batch(shape, tokens, task, ScalarType.Double);
    MlpPass pass = MlpPass.of(weights, shape.activation(), task.loss(), batch);

    Mlp mlp = Problems.mlp(ScalarType.Double, shape, weights);
    List<Tensor> features =
        mlp.forwardFeatures(tokens ? oneHot(batch.inputs(), shape.fanIn(0)) : batch.inputs());
    features.forEach(Tensor::retain_grad);
    Tensor output = features.get(features.size() - 1);
    Tensor loss =
        task == Task.REGRESSION
            ? torch.mse_loss(output, batch.targets())
            : torch.cross_entropy_loss(output, batch.targets());
    loss.backward();

    assertThat(pass.loss()).isCloseTo(loss.item_double(), within(1e-12 * loss.item_double()));
    assertThat(pass.forward().activations()).hasSize(shape.depth() - 1);
    for (int layer = 0; layer < shape.depth(); layer++) {
      assertClose(pass.forward().preactivations().get(layer), features.get(layer));
      assertClose(pass.preactivationGradients().get(layer), features.get(layer).grad());
      assertClose(pass.gradients().weights().get(layer), mlp.weight(layer).grad());
      if (shape.bias()) {
        assertClose(pass.gradients().biases().get(layer), mlp.bias(layer).grad());
      }
      if (layer + 1 < shape.depth()) {
        assertClose(
            pass.forward().activations().get(layer), shape.activation().apply(features.get(layer)));
      }
    }
    assertThat(pass.gradients().hasBias()).isEqualTo(shape.bias());
  }

  /** B times row i of G_l belongs to the loss of example i alone: so the 1/B is in G_l once. */
  @ParameterizedTest
  @MethodSource("cases")
  void rowsAreTheExamplesOwnGradientsOverTheBatchSize(MlpShape shape, boolean tokens, Task task) {
    MlpWeights weights = Problems.weights(ScalarType.Double, shape, 3);
    Batch batch = batch(shape, tokens, task, ScalarType.Double);
    MlpPass whole = MlpPass.of(weights, shape.activation(), task.loss(), batch);
    Batch alone = batch.select(indices(4));
    MlpPass example = MlpPass.of(weights, shape.activation(), task.loss(), alone);
    for (int layer = 0; layer < shape.depth(); layer++) {
      Tensor row = whole.preactivationGradients().get(layer).index_select(0, indices(4));
      assertClose(
          row.mul(new Scalar((double) EXAMPLES)), example.preactivationGradients().get(layer));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void staysInSinglePrecision(MlpShape shape, boolean tokens, Task task) {
    MlpWeights weights = Problems.weights(ScalarType.Double, shape, 3);
    Batch batch = batch(shape, tokens, task, ScalarType.Double);
    MlpPass exact = MlpPass.of(weights, shape.activation(), task.loss(), batch);
    MlpPass rounded =
        MlpPass.of(
            Problems.cast(weights, ScalarType.Float),
            shape.activation(),
            task.loss(),
            new Batch(single(batch.inputs()), single(batch.targets())));
    assertThat(rounded.loss()).isCloseTo(exact.loss(), within(1e-5 * exact.loss()));
    for (int layer = 0; layer < shape.depth(); layer++) {
      Tensor gradient = rounded.gradients().weights().get(layer);
      assertThat(Tensors.type(gradient)).isEqualTo(ScalarType.Float);
      // Sums of at most 11 products of 4 layers, each rounded at 6e-8.
      assertThat(error(gradient.to(ScalarType.Double), exact.gradients().weights().get(layer)))
          .isLessThan(1e-5);
    }
  }

  /** Logits whose exponentials overflow. */
  @Test
  void crossEntropySurvivesLargeLogits() {
    Tensor outputs = Problems.matrix(new double[][] {{1000, 0}, {-1000, 0}});
    Loss loss = new Loss.SoftmaxCrossEntropy();
    assertThat(loss.value(outputs, indices(0, 0))).isCloseTo(500, within(1e-12));
    assertClose(
        loss.gradient(outputs, indices(0, 0)),
        Problems.matrix(new double[][] {{0, 0}, {-0.5, 0.5}}));
  }

  @Test
  void saysWhatDoesNotFit() {
    MlpShape shape = MlpShape.of(Activation.RELU, 6, 9, 3);
    MlpWeights weights = Problems.weights(ScalarType.Double, shape, 3);
    Batch dense = batch(shape, false, Task.REGRESSION, ScalarType.Double);
    Batch classes = batch(shape, true, Task.CLASSES, ScalarType.Double);

    assertRefused(weights, new Batch(indices(6), classes.targets().narrow(0, 0, 1)), "below 6");
    assertRefused(weights, new Batch(indices(-1), classes.targets().narrow(0, 0, 1)), "is -1");
    assertRefused(weights, new Batch(dense.inputs().t(), dense.inputs().t()), "[6, 11]");
    assertRefused(
        weights, new Batch(single(dense.inputs()), classes.targets()), "takes no inputs of shape");
    assertRefused(weights, new Batch(indices(1), indices(3)), "every class", "below 3");
    assertRefused(weights, new Batch(indices(1), single(dense.targets()).narrow(0, 0, 1)), "Float");
    assertThatThrownBy(() -> new Loss.MeanSquaredError().value(dense.targets(), dense.inputs()))
        .hasMessageContaining("[11, 3]")
        .hasMessageContaining("[11, 6]");
    assertThatThrownBy(() -> new Batch(single(dense.inputs()).narrow(1, 0, 0), dense.targets()))
        .hasMessageContaining("not empty");
    assertThatThrownBy(() -> new Batch(indices(1, 2), dense.targets()))
        .hasMessageContaining("2 inputs");
    assertThatThrownBy(() -> dense.select(indices(11))).hasMessageContaining("below 11");
    assertThatThrownBy(() -> dense.select(dense.inputs())).hasMessageContaining("int64");
  }

  private static void assertRefused(MlpWeights weights, Batch batch, String... reasons) {
    assertThatThrownBy(
            () -> MlpPass.of(weights, Activation.RELU, new Loss.SoftmaxCrossEntropy(), batch))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(reasons);
  }

  private static Batch batch(MlpShape shape, boolean tokens, Task task, ScalarType type) {
    FullBatch dense = Problems.batch(type, EXAMPLES, shape, 4);
    Tensor inputs = tokens ? indices(0, 5, 2, 2, 2, 1, 0, 4, 5, 5, 1) : dense.inputs();
    return new Batch(
        inputs,
        switch (task) {
          case REGRESSION -> dense.targets();
          case CLASSES -> indices(0, 1, 2, 2, 1, 0, 0, 0, 1, 2, 2);
          // Rows that do not sum to 1, to be general.
          case CLASS_WEIGHTS -> dense.targets().abs();
        });
  }

  private static Tensor indices(long... values) {
    return torch.tensor(values, new TensorOptions(ScalarType.Long));
  }

  private static Tensor oneHot(Tensor tokens, int vocabulary) {
    return torch.one_hot(tokens, vocabulary).to(ScalarType.Double);
  }

  private static Tensor single(Tensor tensor) {
    return tensor.is_floating_point() ? tensor.to(ScalarType.Float) : tensor;
  }

  private static void assertClose(Tensor actual, Tensor expected) {
    assertThat(Tensors.shape(actual)).isEqualTo(Tensors.shape(expected));
    assertThat(error(actual, expected.detach())).isLessThan(1e-12);
  }

  /** Relative to the largest entry. */
  private static double error(Tensor actual, Tensor expected) {
    double size = expected.abs().max().item_double();
    assertThat(size).isPositive();
    return actual.sub(expected).abs().max().item_double() / size;
  }
}
