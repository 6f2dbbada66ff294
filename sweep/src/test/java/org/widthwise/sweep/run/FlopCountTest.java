package org.widthwise.sweep.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.lab.train.Architecture;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.nn.Activation;
import org.widthwise.torch.nn.ChannelNormalization;
import org.widthwise.torch.nn.FeedForward;
import org.widthwise.torch.nn.MlpShape;
import org.widthwise.torch.nn.ResNetShape;
import org.widthwise.torch.nn.TransformerShape;

/** Counts written out by hand, product by product. */
final class FlopCountTest {

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  private static double count(Architecture network, String rule, int batch, int side) {
    Recipe recipe = Recipe.of(Parametrizations.named("spectral"), UpdateRules.named(rule));
    return FlopCount.ofStep(network, recipe.plan(network.parameters()), batch, side, side);
  }

  @Test
  void perceptron() {
    Architecture network = new Architecture.Perceptron(MlpShape.of(Activation.RELU, 5, 4, 3, 2));
    // Forward 5·4 + 4·3 + 3·2 = 38; weights' gradients as many; inputs' 4·3 + 3·2 = 18.
    assertThat(count(network, "adam", 7, 0)).isEqualTo(7 * 2.0 * (38 + 38 + 18));
    // Five iterations each: [4, 5] with m = 4, M = 5; [3, 4]; [2, 3]. X·Xᵀ and B·X take m²·M
    // multiplications each, the square m³.
    double muon = 5 * 2.0 * ((16 * 5 * 2 + 64) + (9 * 4 * 2 + 27) + (4 * 3 * 2 + 8));
    assertThat(count(network, "muon", 7, 0)).isEqualTo(7 * 2.0 * (38 + 38 + 18) + muon);
  }

  @Test
  void residualNetwork() {
    // One channel of 6×6, width 2, one block in each of two stages, 3 classes.
    Architecture network =
        new Architecture.Residual(
            new ResNetShape(1, 3, 2, List.of(1, 1), new ChannelNormalization.Batch()));
    double stem = 36 * 9 * 1 * 2;
    double first = 36 * (9 * 2 * 2 + 9 * 2 * 2);
    double second = 9 * (9 * 2 * 4 + 9 * 4 * 4 + 2 * 4);
    double readout = 4 * 3;
    assertThat(count(network, "sgd", 2, 6))
        .isEqualTo(2 * 2.0 * (3 * (stem + first + second + readout) - stem));
    // Of 5×5 the second stage has 3×3.
    double odd = 25 * 9 * 2 + 25 * 72 + second + readout;
    assertThat(count(network, "sgd", 1, 5)).isEqualTo(2.0 * (3 * odd - 25 * 9 * 2));
  }

  @Test
  void transformer() {
    // 11 characters, a context of 6, width 4, one block, 2 heads of 2, feed-forward 16.
    TransformerShape shape = TransformerShape.of(11, 6, 4, 1, 2);
    double projections = 6 * 4 * (4 * 4);
    double feedForward = 6 * 2 * (4 * 16);
    // Each of 2 heads: 6 queries with 6 keys of 2, and as many weights with values of 2.
    double attention = 2 * (6 * 6 * 2 + 6 * 6 * 2);
    double readout = 6 * (4 * 11);
    assertThat(count(new Architecture.Decoder(shape, 1), "adam", 3, 0))
        .isEqualTo(3 * 2.0 * 3 * (projections + feedForward + attention + readout));
    double gated = 6 * 3 * (4 * 16);
    assertThat(
            count(
                new Architecture.Decoder(shape.withFeedForward(FeedForward.SWIGLU), 1),
                "adam",
                3,
                0))
        .isEqualTo(3 * 2.0 * 3 * (projections + gated + attention + readout));
    // A fused stack is three matrices, each orthogonalised by itself.
    assertThat(count(new Architecture.Decoder(shape.withFused(true), 1), "muon", 3, 0))
        .isEqualTo(count(new Architecture.Decoder(shape, 1), "muon", 3, 0));
  }
}
