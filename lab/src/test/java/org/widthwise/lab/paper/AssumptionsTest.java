package org.widthwise.lab.paper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import org.assertj.core.data.Percentage;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.train.Batch;
import org.widthwise.torch.train.Loss;
import org.widthwise.torch.train.MlpForward;
import org.widthwise.torch.train.MlpPass;
import org.widthwise.torch.train.MlpWeights;

/**
 * The measures of appendix C against their definitions, example by example, with LAPACK's norms.
 */
final class AssumptionsTest {

  private static final Percentage ROUNDING = Percentage.withPercentage(1e-5);
  private static final int EXAMPLES = 9;
  private static final Loss LOSS = new Loss.MeanSquaredError();

  private final PointerScope scope = open();
  private final Generator generator = torch.createCPUGenerator(11);
  private final MlpWeights weights =
      new MlpWeights(List.of(gaussian(13, 17), gaussian(12, 13), gaussian(1, 12)), List.of());
  private final Batch batch = new Batch(gaussian(EXAMPLES, 17), gaussian(EXAMPLES, 1));

  private final MlpPass pass = MlpPass.of(weights, Activation.RELU, LOSS, batch);

  private static PointerScope open() {
    Libtorch.load();
    return new PointerScope();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private Tensor gaussian(long rows, long columns) {
    return torch
        .zeros(new long[] {rows, columns}, new TensorOptions(torch.ScalarType.Double))
        .normal_(0, 1, new GeneratorOptional(generator))
        .div_(new Scalar(Math.sqrt((double) columns)));
  }

  private static double norm(Tensor tensor) {
    return tensor.square().sum().sqrt().item_double();
  }

  private static double largest(Tensor matrix) {
    return torch.linalg_svdvals(matrix).max().item_double();
  }

  @Test
  void anExamplesOwnPartIsThatOfItsOwnGradient() {
    SortedMap<String, Double> measured = Assumptions.ownPart(pass, batch.inputs());
    assertThat(measured).containsOnlyKeys("own.1", "own.2", "own.3");
    for (int layer = 0; layer < 3; layer++) {
      List<Double> ratios = new ArrayList<>();
      for (int i = 0; i < EXAMPLES; i++) {
        Batch alone = new Batch(batch.inputs().narrow(0, i, 1), batch.targets().narrow(0, i, 1));
        MlpPass own = MlpPass.of(weights, Activation.RELU, LOSS, alone);
        Tensor incoming =
            (layer == 0 ? alone.inputs() : own.forward().activations().get(layer - 1)).t();
        double numerator = norm(own.gradients().weights().get(layer).matmul(incoming)) / EXAMPLES;
        double denominator = norm(pass.gradients().weights().get(layer).matmul(incoming));
        if (denominator > 0) {
          ratios.add(numerator / denominator);
        }
      }
      Collections.sort(ratios);
      // The readout's ratios are of single numbers, with a median but no mean.
      double expected =
          layer == 2
              ? ratios.get((ratios.size() - 1) / 2)
              : ratios.stream().mapToDouble(r -> r).average().orElseThrow();
      assertThat(measured.get("own." + (layer + 1))).isCloseTo(expected, ROUNDING);
    }
  }

  @Test
  void activationsAreComparedWithPreactivations() {
    SortedMap<String, Double> measured = Assumptions.activation(pass.forward());
    assertThat(measured).containsOnlyKeys("activation.1", "activation.2");
    for (int layer = 0; layer < 2; layer++) {
      double sum = 0;
      for (int i = 0; i < EXAMPLES; i++) {
        Tensor h = pass.forward().preactivations().get(layer).narrow(0, i, 1);
        sum += norm(h.clamp_min(new Scalar(0.0))) / norm(h);
      }
      assertThat(measured.get("activation." + (layer + 1))).isCloseTo(sum / EXAMPLES, ROUNDING);
    }
  }

  @Test
  void updatesAreComparedWithWhatTheyAreAddedTo() {
    MlpWeights after = weights.copy();
    for (int layer = 0; layer < 3; layer++) {
      Tensor weight = after.weights().get(layer);
      weight.add_(gaussian(weight.size(0), weight.size(1)));
    }
    MlpForward forward = MlpForward.of(after, Activation.RELU, batch.inputs());
    SortedMap<String, Double> measured =
        Assumptions.noCancellation(weights, pass.forward(), after, forward);
    assertThat(measured).hasSize(6);
    for (int layer = 0; layer < 3; layer++) {
      Tensor old = weights.weights().get(layer);
      Tensor now = after.weights().get(layer);
      assertThat(measured.get("weights." + (layer + 1)))
          .isCloseTo(largest(now) / (largest(old) + largest(now.sub(old))), ROUNDING);
      double sum = 0;
      for (int i = 0; i < EXAMPLES; i++) {
        Tensor h0 = pass.forward().preactivations().get(layer).narrow(0, i, 1);
        Tensor h = forward.preactivations().get(layer).narrow(0, i, 1);
        sum += norm(h) / (norm(h0) + norm(h.sub(h0)));
      }
      assertThat(measured.get("features." + (layer + 1))).isCloseTo(sum / EXAMPLES, ROUNDING);
    }
  }
}
