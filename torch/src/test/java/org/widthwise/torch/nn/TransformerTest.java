package org.widthwise.torch.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;
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

final class TransformerTest {

  private static final TransformerShape PLAIN = TransformerShape.of(11, 7, 12, 2, 3);
  private static final TransformerShape OTHER =
      PLAIN
          .withNormalization(Normalization.LAYER)
          .withFeedForward(FeedForward.SWIGLU)
          .withFeedForwardWidth(20)
          .withBias(true)
          .withTied(true)
          .withFused(true);

  static final List<TransformerShape> SHAPES =
      List.of(
          PLAIN,
          OTHER,
          PLAIN.withFused(true).withBias(true),
          PLAIN.withTied(true),
          OTHER.withFused(false));

  private final PointerScope scope = new PointerScope();

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /** Gains and biases too are drawn, so that one left out would show. */
  private static Transformer drawn(TransformerShape shape, TransformerMultipliers multipliers) {
    Transformer transformer = new Transformer(shape, multipliers);
    transformer.to(ScalarType.Double, false);
    Generator generator = Initializer.seeded(5);
    StringTensorDict parameters = transformer.named_parameters();
    for (long i = 0; i < parameters.size(); i++) {
      new GaussianInitializer(0.4).fill(parameters.get(i).value(), generator);
    }
    return transformer;
  }

  private static Transformer drawn(TransformerShape shape) {
    return drawn(shape, TransformerMultipliers.of(shape));
  }

  private static Tensor tokens(int[]... rows) {
    long[] flat = Stream.of(rows).flatMapToInt(Arrays::stream).asLongStream().toArray();
    return torch.tensor(flat).reshape(rows.length, rows[0].length);
  }

  @ParameterizedTest
  @FieldSource("SHAPES")
  void theForwardPassIsThatOfLoops(TransformerShape shape) {
    for (TransformerMultipliers multipliers :
        List.of(
            TransformerMultipliers.of(shape),
            TransformerMultipliers.standard(shape),
            new TransformerMultipliers(0.7, 0.3, 1.9))) {
      Transformer transformer = drawn(shape, multipliers);
      int[][] rows = {{3, 0, 10, 3, 7}, {1, 1, 9, 2, 4}};
      double[] logits = PlainWeights.values(transformer.forward(tokens(rows)));
      PlainTransformer plain =
          new PlainTransformer(shape, multipliers, PlainWeights.of(transformer));
      int at = 0;
      for (int[] row : rows) {
        for (double[] position : plain.logits(row)) {
          for (double logit : position) {
            assertThat(logits[at++]).isCloseTo(logit, within(1e-11));
          }
        }
      }
      assertThat(at).isEqualTo(logits.length);
    }
  }

  @ParameterizedTest
  @FieldSource("SHAPES")
  void gradientsAreThoseOfFiniteDifferences(TransformerShape shape) {
    Transformer transformer = drawn(shape);
    Tensor inputs = tokens(new int[] {3, 0, 10, 3}, new int[] {1, 1, 9, 2});
    Tensor targets = torch.tensor(new long[] {0, 10, 3, 7, 1, 9, 2, 4});
    // Every token, so that each row of the tables has a gradient but those of unseen tokens.
    Gradients.check(
        transformer,
        () ->
            torch.cross_entropy_loss(
                transformer.forward(inputs).reshape(8, shape.vocabulary()), targets),
        3);
  }

  @ParameterizedTest
  @FieldSource("SHAPES")
  void aLaterTokenChangesNothingEarlier(TransformerShape shape) {
    Transformer transformer = drawn(shape);
    Tensor one = transformer.forward(tokens(new int[] {3, 0, 10, 3, 7}));
    Tensor other = transformer.forward(tokens(new int[] {3, 0, 10, 5, 7}));
    assertThat(difference(one.narrow(1, 0, 3), other.narrow(1, 0, 3))).isLessThan(1e-14);
    assertThat(difference(one.select(1, 3), other.select(1, 3))).isGreaterThan(1e-3);
    assertThat(difference(one.select(1, 4), other.select(1, 4))).isGreaterThan(1e-6);
    Tensor shorter = transformer.forward(tokens(new int[] {3, 0}));
    assertThat(difference(one.narrow(1, 0, 2), shorter)).isLessThan(1e-13);
  }

  @Test
  void theExamplesOfABatchDoNotMix() {
    Transformer transformer = drawn(OTHER);
    int[] a = {3, 0, 10};
    int[] b = {1, 1, 9};
    int[] c = {7, 8, 2};
    Tensor one = transformer.forward(tokens(a, b, c));
    Tensor other = transformer.forward(tokens(c, a, b));
    Tensor order = torch.tensor(new long[] {2, 0, 1});
    assertThat(difference(one.index_select(0, order), other)).isLessThan(1e-14);
  }

  @ParameterizedTest
  @FieldSource("SHAPES")
  void theTapSeesEveryMapWithWhatItReads(TransformerShape shape) {
    Transformer transformer = drawn(shape);
    StringTensorDict parameters = transformer.named_parameters();
    Map<String, Integer> seen = new LinkedHashMap<>();
    Tensor inputs = tokens(new int[] {3, 0, 10}, new int[] {1, 1, 9});

    Tensor logits =
        transformer.forward(
            inputs,
            (name, input, output) -> {
              seen.merge(name, 1, Integer::sum);
              Tensor weight = parameters.get(name);
              Tensor expected =
                  input.dim() < 3
                      ? weight.index_select(0, input.flatten()).view(-1, shape.width())
                      : torch.linear(input, weight);
              String bias = name.replace("weight", "bias");
              if (parameters.contains(bias)) {
                expected = expected.add(parameters.get(bias));
              }
              assertThat(difference(output.reshape(expected.sizes()), expected))
                  .as(name)
                  .isLessThan(1e-13);
            });

    assertThat(difference(logits, transformer.forward(inputs))).isZero();
    List<String> matrices = new ArrayList<>();
    for (long i = 0; i < parameters.size(); i++) {
      if (parameters.get(i).value().dim() == 2) {
        matrices.add(parameters.get(i).key().getString());
      }
    }
    assertThat(seen.keySet()).containsExactlyInAnyOrderElementsOf(matrices);
    seen.forEach(
        (name, times) ->
            assertThat(times)
                .as(name)
                .isEqualTo(shape.tied() && name.equals(Transformer.TOKEN_EMBEDDING) ? 2 : 1));
  }

  @Test
  void worksAfterGarbageCollections() {
    Transformer transformer = new Transformer(OTHER);
    Tensor inputs = tokens(new int[] {3, 0, 10});
    for (int round = 0; round < 3; round++) {
      System.gc();
      transformer.forward(inputs).sum().backward();
      transformer.zero_grad(true);
      transformer.train(false);
      transformer.train(true);
    }
    assertThat(transformer.is_training()).isTrue();
  }

  @Test
  void multipliersFollowTheShape() {
    assertThat(TransformerMultipliers.of(PLAIN))
        .isEqualTo(new TransformerMultipliers(1.0 / 4, 1, 1));
    assertThat(TransformerMultipliers.of(PLAIN.withTied(true)).readout()).isEqualTo(1.0 / 12);
    assertThat(TransformerMultipliers.standard(PLAIN).attention()).isEqualTo(0.5);
    assertThat(PLAIN.feedForwardWidth()).isEqualTo(48);
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> TransformerShape.of(11, 7, 12, 2, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("12 is none of 5");
    assertThatThrownBy(() -> TransformerShape.of(11, 7, 12, 0, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("number of layers")
        .hasMessageContaining("is 0");
    assertThatThrownBy(() -> TransformerMultipliers.of(PLAIN).withResidual(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("residual multiplier");
    Transformer transformer = new Transformer(PLAIN);
    assertThatThrownBy(() -> transformer.forward(torch.zeros(2, 5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("int64")
        .hasMessageContaining("[2, 5]")
        .hasMessageContaining("Float");
    assertThatThrownBy(() -> transformer.forward(tokens(new int[8])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("T from 1 to 7")
        .hasMessageContaining("[1, 8]");
  }

  private static double difference(Tensor a, Tensor b) {
    return a.sub(b).abs().max().item_double();
  }
}
