package org.widthwise.torch.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.init.GaussianInitializer;
import org.widthwise.torch.init.Initializer;

final class ResNetTest {

  private static final ResNetShape SMALL =
      new ResNetShape(2, 5, 4, List.of(1, 2), new ChannelNormalization.Batch());

  static final List<ResNetShape> SHAPES =
      List.of(SMALL, SMALL.withNormalization(new ChannelNormalization.Group(2)));

  private final PointerScope scope = new PointerScope();

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private static ResNet drawn(ResNetShape shape, double residualMultiplier) {
    ResNet network = new ResNet(shape, residualMultiplier);
    network.to(ScalarType.Double, false);
    Generator generator = Initializer.seeded(5);
    StringTensorDict parameters = network.named_parameters();
    for (long i = 0; i < parameters.size(); i++) {
      new GaussianInitializer(0.5).fill(parameters.get(i).value(), generator);
    }
    return network;
  }

  private static Tensor images(double[][][][] images) {
    double[] flat = new double[images.length * images[0].length * 6 * 5];
    int at = 0;
    for (double[][][] image : images) {
      for (double[][] channel : image) {
        for (double[] row : channel) {
          for (double pixel : row) {
            flat[at++] = pixel;
          }
        }
      }
    }
    Tensor tensor =
        torch.zeros(
            new long[] {images.length, images[0].length, 6, 5},
            new TensorOptions(ScalarType.Double));
    tensor.data_ptr_double().put(flat);
    return tensor;
  }

  private static double[][][][] random(int count) {
    Random random = new Random(8);
    double[][][][] images = new double[count][2][6][5];
    for (double[][][] image : images) {
      for (double[][] channel : image) {
        for (double[] row : channel) {
          for (int j = 0; j < row.length; j++) {
            row[j] = random.nextGaussian();
          }
        }
      }
    }
    return images;
  }

  @ParameterizedTest
  @FieldSource("SHAPES")
  void theForwardPassIsThatOfLoops(ResNetShape shape) {
    for (double multiplier : new double[] {1, 0.3}) {
      ResNet network = drawn(shape, multiplier);
      double[][][][] batch = random(3);
      double[] logits = PlainWeights.values(network.forward(images(batch)));
      PlainResNet plain = new PlainResNet(shape, multiplier, PlainWeights.of(network));
      int at = 0;
      for (double[] row : plain.logits(batch)) {
        for (double logit : row) {
          assertThat(logits[at++]).isCloseTo(logit, within(1e-11));
        }
      }
      assertThat(at).isEqualTo(15);
    }
  }

  @ParameterizedTest
  @FieldSource("SHAPES")
  void gradientsAreThoseOfFiniteDifferences(ResNetShape shape) {
    ResNet network = drawn(shape, 0.7);
    Tensor inputs = images(random(3));
    Tensor targets = torch.tensor(new long[] {4, 0, 2});
    Gradients.check(network, () -> torch.cross_entropy_loss(network.forward(inputs), targets), 3);
  }

  @ParameterizedTest
  @FieldSource("SHAPES")
  void theOrderOfABatchDoesNotMatter(ResNetShape shape) {
    ResNet network = drawn(shape, 1);
    Tensor inputs = images(random(3));
    Tensor order = torch.tensor(new long[] {2, 0, 1});
    Tensor one = network.forward(inputs).index_select(0, order);
    Tensor other = network.forward(inputs.index_select(0, order));
    assertThat(difference(one, other)).isLessThan(1e-13);
  }

  @Test
  void evaluationTakesTheRunningStatistics() {
    ResNet network = drawn(SMALL, 1);
    Tensor inputs = images(random(3));
    network.train(false);
    Tensor alone = network.forward(inputs.narrow(0, 0, 1));
    assertThat(difference(network.forward(inputs).narrow(0, 0, 1), alone)).isLessThan(1e-13);
    network.train(true);
    assertThat(difference(network.forward(inputs).narrow(0, 0, 1), alone)).isGreaterThan(1e-2);
    assertThat(network.named_buffers().contains("layer2.1.bn2.running_var")).isTrue();
  }

  @ParameterizedTest
  @FieldSource("SHAPES")
  void theTapSeesEveryMapWithWhatItReads(ResNetShape shape) {
    ResNet network = drawn(shape, 1);
    StringTensorDict parameters = network.named_parameters();
    List<String> seen = new ArrayList<>();
    network.forward(
        images(random(2)),
        (name, input, output) -> {
          seen.add(name);
          Tensor weight = parameters.get(name);
          assertThat(input.size(1)).as(name).isEqualTo(weight.size(1));
          assertThat(output.size(1)).as(name).isEqualTo(weight.size(0));
          if (weight.dim() == 4 && weight.size(2) == 1) {
            // A 1×1 convolution is a linear map at every second pixel.
            Tensor pixel = torch.linear(input.select(3, 2).select(2, 2), weight.flatten(1, 3));
            assertThat(difference(output.select(3, 1).select(2, 1), pixel)).isLessThan(1e-13);
          }
        });
    List<String> maps = new ArrayList<>();
    for (long i = 0; i < parameters.size(); i++) {
      if (parameters.get(i).value().dim() > 1) {
        maps.add(parameters.get(i).key().getString());
      }
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(maps);
  }

  @Test
  void worksAfterGarbageCollections() {
    ResNet network = new ResNet(SMALL);
    Tensor inputs = torch.randn(2, 2, 6, 5);
    for (int round = 0; round < 3; round++) {
      System.gc();
      network.forward(inputs).sum().backward();
      network.zero_grad(true);
      network.train(false);
      network.train(true);
    }
    assertThat(network.is_training()).isTrue();
  }

  @Test
  void sizesAreThoseOfThePapersNetwork() {
    ResNetShape resnet20 = ResNetShape.cifar10(16, 3);
    assertThat(resnet20.depth()).isEqualTo(20);
    assertThat(resnet20.branches()).isEqualTo(9);
    assertThat(resnet20.stageWidth(2)).isEqualTo(64);
    long entries = 0;
    StringTensorDict parameters = new ResNet(resnet20).named_parameters();
    for (long i = 0; i < parameters.size(); i++) {
      entries += parameters.get(i).value().numel();
    }
    // He et al. state 0.27 million; with projections in place of padded shortcuts 2,752 more.
    assertThat(entries).isEqualTo(272_474);
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> ResNetShape.cifar10(0, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("width")
        .hasMessageContaining("is 0");
    assertThatThrownBy(() -> SMALL.withNormalization(new ChannelNormalization.Group(3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4 is none of 3");
    assertThatThrownBy(() -> new ResNet(SMALL, Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("residual multiplier");
    assertThatThrownBy(() -> new ResNet(SMALL).forward(torch.zeros(2, 3, 6, 5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[B, 2, height, width]")
        .hasMessageContaining("[2, 3, 6, 5]");
  }

  private static double difference(Tensor a, Tensor b) {
    return a.sub(b).abs().max().item_double();
  }
}
