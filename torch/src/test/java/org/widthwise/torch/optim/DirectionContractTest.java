package org.widthwise.torch.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.widthwise.core.fit.PowerLaw;
import org.widthwise.core.fit.PowerLawFit;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.plan.Scale;
import org.widthwise.core.shape.Fans;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.update.ShampooRule;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.engine.Tensors;
import org.widthwise.torch.orthogonal.Orthogonalization;

/** What every direction owes: sizes, widths, precisions, stacks, shapes, zeros and NaN. */
final class DirectionContractTest {

  private static final double[] WIDTHS = {64, 128, 256, 512};
  private static final long FIXED = 48;
  private static final int TRIALS = 2;
  private static final int STEPS = 3;

  /** Of the entries of a gradient, what noise of full rank adds to each. */
  private static final double NOISE = 0.01;

  /** Rules that let noise through unless ε exceeds it, by the class comment of their core rule. */
  private static final List<String> NEED_AN_EPSILON = List.of("soap", "shampoo", "shampoo-0.5");

  private final PointerScope scope = new PointerScope();

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  static List<Direction> all() {
    return Stream.concat(
            Directions.all().stream(),
            Stream.of(
                new Momentum(0.9, false),
                new Momentum(0.9, true),
                new Averaging(0.1),
                new Shampoo(1, 0.5, 1e-6, 2),
                Muon.withDefaults().withOrthogonalization(Orthogonalization.polarExpress()),
                Chain.of(new Momentum(0.9, false), SpectralDescent.withDefaults())))
        .toList();
  }

  /**
   * On a gradient of rank one, where alignment is complete, the first raw update of a rule that
   * normalises has the very size from which core has its learning rates.
   */
  @ParameterizedTest
  @MethodSource("all")
  void hasTheRawSizeThatItsRuleStates(Direction direction) {
    for (long[] shape : new long[][] {{30, 12}, {12, 30}, {9, 1}, {1, 9}}) {
      long fanOut = shape[0];
      long fanIn = shape[1];
      Tensor gradient =
          Samples.gaussian(ScalarType.Double, 1, fanOut, 1)
              .mm(Samples.gaussian(ScalarType.Double, 2, 1, fanIn));
      Tensor weight = Samples.gaussian(ScalarType.Double, 3, fanOut, fanIn);
      double size = Samples.spectralNorm(gradient);
      // SOAP brings rounding to size 1 too, unless there is an ε above it.
      Direction rule = exact(direction).withEpsilon(isSoap(direction) ? 1e-9 * size : 0);
      UpdateRule stated = rule.rule();
      double expected =
          switch (stated.id()) {
            case "sgd" -> size * share(rule);
            case "rmsprop" -> UpdateRules.RMSPROP.rawSpectralNorm(fans(shape)) / Math.sqrt(0.01);
            // Core speaks of the weight that Parametrization 1 draws, here it is what it is.
            case "frobenius-relative" -> Samples.length(Samples.entries(weight));
            // Core speaks of the gradient of eq. 20, here it is what it is.
            case "shampoo-0.5" -> Math.pow(size, stated.gradientDegree());
            default -> stated.rawSpectralNorm(fans(shape));
          };
      assertThat(Samples.spectralNorm(first(rule, gradient, weight)))
          .as(stated.id() + " of " + Arrays.toString(shape))
          .isCloseTo(expected, within(1e-7 * expected));
    }
  }

  private static double share(Direction rule) {
    return rule instanceof Momentum momentum && momentum.nesterov()
        ? 1.9
        : rule instanceof Averaging averaging ? averaging.weight() : 1;
  }

  /** With the polar factor itself where the rule iterates towards it. */
  private static Direction exact(Direction direction) {
    if (direction instanceof Muon muon) {
      return muon.withOrthogonalization(Orthogonalization.exact());
    }
    if (direction instanceof ScionSpectral scion) {
      return new ScionSpectral(Orthogonalization.exact(), scion.epsilon());
    }
    return direction instanceof Chain chain
        ? new Chain(chain.links().stream().map(DirectionContractTest::exact).toList())
        : direction;
  }

  private static Fans fans(long[] shape) {
    return new Fans(shape[1], shape[0]);
  }

  /**
   * Condition 1 for updates, as an exponent: on gradients of rank two and of the size of eq. 20,
   * with a little noise of full rank, rate times direction over √(fan-out / fan-in) does not change
   * with width, at the input, between features and at the readout.
   */
  @ParameterizedTest
  @MethodSource("all")
  void ratesOfAPlanMakeItsUpdatesKeepToCondition1(Direction direction) {
    for (Layer layer : Layer.values()) {
      double[][] sizes = new double[TRIALS][WIDTHS.length];
      for (int trial = 0; trial < TRIALS; trial++) {
        for (int i = 0; i < WIDTHS.length; i++) {
          sizes[trial][i] =
              relativeSize(direction, shape(layer, (long) WIDTHS[i]), 31L * trial + i);
        }
      }
      PowerLawFit fit = PowerLaw.fitTrials(WIDTHS, sizes);
      assertThat(fit.exponent())
          .as(direction + ", " + layer + ": " + fit)
          .isCloseTo(0, within(0.1));
    }
  }

  private static ParameterShape shape(Layer layer, long width) {
    return ParameterShape.matrix(
        layer, layer == Layer.READOUT ? FIXED : width, layer == Layer.INPUT ? FIXED : width);
  }

  /** ‖ΔW‖₂ / √(fan-out / fan-in) of the last of a few updates. */
  private static double relativeSize(Direction direction, ParameterShape shape, long seed) {
    try (PointerScope inner = new PointerScope()) {
      Recipe recipe = Recipe.of(Parametrizations.SPECTRAL, direction.rule());
      if (NEED_AN_EPSILON.contains(direction.rule().id())) {
        recipe = recipe.withEpsilon(0.1);
      }
      Scale scale = recipe.scale(shape);
      Direction rule =
          scale.epsilon().isPresent()
              ? direction.withEpsilon(scale.epsilon().getAsDouble())
              : direction;
      long fanOut = shape.fans().fanOut();
      long fanIn = shape.fans().fanIn();
      Tensor weight =
          Samples.gaussian(ScalarType.Float, 100 * seed, fanOut, fanIn)
              .mul_(new Scalar(scale.initStd()));
      // Entries of 1 / fan-out: ‖∇‖₂ ≈ √(fan-in / fan-out).
      Tensor aligned =
          Samples.gaussian(ScalarType.Float, 100 * seed + 1, fanOut, 2)
              .mm(Samples.gaussian(ScalarType.Float, 100 * seed + 2, 2, fanIn))
              .div_(new Scalar((double) fanOut));
      ParameterUpdate updates = new ParameterUpdate(rule, scale.learningRate(), weight);
      Tensor update = torch.zeros_like(weight);
      for (int step = 0; step < STEPS; step++) {
        Tensor noise =
            Samples.gaussian(ScalarType.Float, 100 * seed + 3 + step, fanOut, fanIn)
                .mul_(new Scalar(NOISE / fanOut));
        update = updates.next(aligned.add(noise), weight);
      }
      return Samples.spectralNorm(update) / scale.targetSpectralNorm();
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void takesEachMapOfAStackByItself(Direction direction) {
    Direction rule = quiet(direction);
    int maps = 3;
    Tensor weight = Samples.gaussian(ScalarType.Double, 1, maps, rows(direction), 4);
    ParameterUpdate stack = new ParameterUpdate(rule, 0.5, weight);
    List<ParameterUpdate> alone = new ArrayList<>();
    for (int map = 0; map < maps; map++) {
      alone.add(new ParameterUpdate(rule, 0.5, weight.select(0, map)));
    }
    for (int step = 0; step < 12; step++) {
      // Maps of very different sizes, so that a norm over all of them would show.
      Tensor gradient =
          Samples.gaussian(ScalarType.Double, 10 + step, maps, rows(direction), 4)
              .mul_(Tensor.create(new double[] {1, 100, 0.01}, 3, 1, 1));
      Tensor together = stack.next(gradient, weight);
      for (int map = 0; map < maps; map++) {
        Tensor single = alone.get(map).next(gradient.select(0, map), weight.select(0, map));
        assertThat(Samples.error(together.select(0, map), single))
            .as("step %d, map %d", step, map)
            .isLessThan(1e-9);
      }
    }
  }

  /** With an ε that rounding and directions not seen before do not exceed. */
  private static Direction quiet(Direction direction) {
    return isSoap(direction) || direction.rule().id().startsWith("shampoo")
        ? direction.withEpsilon(0.1)
        : direction;
  }

  /** Of a matrix of four columns: SOAP's first basis of what a gradient leaves out is arbitrary. */
  private static long rows(Direction direction) {
    return isSoap(direction) ? 4 : 6;
  }

  private static boolean isSoap(Direction direction) {
    return direction.rule().id().startsWith("soap");
  }

  @ParameterizedTest
  @MethodSource("all")
  void takesAVectorForAMatrixOfOneColumn(Direction direction) {
    Tensor weight = Samples.gaussian(ScalarType.Double, 1, 7);
    ParameterUpdate vector = new ParameterUpdate(direction, 0.5, weight);
    ParameterUpdate column = new ParameterUpdate(direction, 0.5, weight.reshape(7, 1));
    for (int step = 0; step < 5; step++) {
      Tensor gradient = Samples.gaussian(ScalarType.Double, 10 + step, 7);
      Tensor expected = column.next(gradient.reshape(7, 1), weight.reshape(7, 1)).reshape(7);
      assertThat(Samples.error(vector.next(gradient, weight), expected)).isLessThan(1e-12);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void takesEveryShape(Direction direction) {
    for (long[] shape :
        new long[][] {{1, 1}, {1}, {}, {1, 9}, {9, 1}, {40, 3}, {3, 40}, {5, 4, 1}, {2, 1, 6}}) {
      Tensor weight = Samples.gaussian(ScalarType.Float, 1, shape);
      ParameterUpdate updates = new ParameterUpdate(quiet(direction), 0.5, weight);
      for (int step = 0; step < 12; step++) {
        Tensor update = updates.next(Samples.gaussian(ScalarType.Float, 2 + step, shape), weight);
        assertThat(Tensors.shape(update)).isEqualTo(shape);
        for (double entry : Samples.entries(update)) {
          // No rule's first dozen directions of standard normal gradients come near 100.
          assertThat(Math.abs(entry)).as(Arrays.toString(shape)).isLessThan(100);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void aNanNeverBecomesANumber(Direction direction) {
    int bad = 9;
    Tensor weight = Samples.gaussian(ScalarType.Float, 1, 2, rows(direction), 4);
    ParameterUpdate updates = new ParameterUpdate(quiet(direction), 0.5, weight);
    ParameterUpdate healthy = new ParameterUpdate(quiet(direction), 0.5, weight.select(0, 1));
    boolean remembers = false;
    for (int step = 0; step < 4; step++) {
      Tensor gradient = Samples.gaussian(ScalarType.Float, 2 + step, 2, rows(direction), 4);
      Tensor other = healthy.next(gradient.select(0, 1), weight.select(0, 1));
      if (step == 1) {
        gradient.data_ptr_float().put(bad, Float.NaN);
      }
      Tensor update = updates.next(gradient, weight);
      double[] entries = Samples.entries(update);
      if (step == 1) {
        assertThat(entries[bad]).isNaN();
        remembers = !updates.state().tensors().isEmpty();
      } else if (step > 1 && Double.isNaN(entries[bad])) {
        assertThat(remembers).isTrue();
      }
      // The map without a NaN is none the worse.
      assertThat(Samples.error(update.select(0, 1), other)).isLessThan(1e-4);
    }
    Tensor all =
        Samples.gaussian(ScalarType.Float, 1, rows(direction), 4).fill_(new Scalar(Double.NaN));
    assertThat(
            Samples.entries(
                first(direction, all, Samples.gaussian(ScalarType.Float, 1, rows(direction), 4))))
        .containsOnly(Double.NaN);
  }

  @ParameterizedTest
  @MethodSource("all")
  void computesInSinglePrecisionForParametersInHalf(Direction direction) {
    Direction rule = quiet(direction);
    for (ScalarType half : List.of(ScalarType.BFloat16, ScalarType.Half)) {
      Tensor weight = Samples.gaussian(ScalarType.Float, 1, 6, 4).to(half);
      Tensor wide = weight.to(ScalarType.Float);
      ParameterUpdate updates = new ParameterUpdate(rule, 0.5, weight);
      ParameterUpdate expected = new ParameterUpdate(rule, 0.5, wide);
      for (int step = 0; step < 12; step++) {
        Tensor gradient = Samples.gaussian(ScalarType.Float, 2 + step, 6, 4).to(half);
        Tensor update = updates.next(gradient, weight);
        assertThat(Tensors.type(update)).isEqualTo(ScalarType.Float);
        assertThat(update.equal(expected.next(gradient.to(ScalarType.Float), wide))).isTrue();
        weight.add_(update);
        assertThat(Tensors.type(weight)).isEqualTo(half);
        wide = weight.to(ScalarType.Float);
      }
      updates
          .state()
          .tensors()
          .values()
          .forEach(t -> assertThat(Tensors.type(t)).isIn(ScalarType.Float, ScalarType.Double));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void agreesBetweenSingleAndDoublePrecision(Direction direction) {
    Direction rule = quiet(direction);
    Tensor weight = Samples.gaussian(ScalarType.Float, 1, rows(direction), 4);
    ParameterUpdate single = new ParameterUpdate(rule, 0.5, weight);
    ParameterUpdate twice = new ParameterUpdate(rule, 0.5, weight.to(ScalarType.Double));
    for (int step = 0; step < 8; step++) {
      Tensor gradient = Samples.gaussian(ScalarType.Float, 2 + step, rows(direction), 4);
      Tensor expected = twice.next(gradient.to(ScalarType.Double), weight.to(ScalarType.Double));
      // Single rounding, through up to some tens of products with slopes up to 8.
      assertThat(Samples.error(single.next(gradient, weight), expected)).isLessThan(2e-4);
    }
  }

  /** An embedding's gradient: a row for each token that occurred, tokens more than once. */
  @ParameterizedTest
  @MethodSource("all")
  void takesASparseGradientForTheDenseOneThatItStandsFor(Direction direction) {
    Tensor table = Samples.gaussian(ScalarType.Float, 1, 6, 4);
    ParameterUpdate sparse = new ParameterUpdate(quiet(direction), 0.5, table);
    ParameterUpdate dense = new ParameterUpdate(quiet(direction), 0.5, table);
    for (int step = 0; step < 4; step++) {
      Tensor tokens = Tensor.create(new long[] {step, 5, step}, 1, 3);
      Tensor values = Samples.gaussian(ScalarType.Float, 2 + step, 3, 4);
      Tensor gradient = torch.sparse_coo_tensor(tokens, values, 6, 4);
      assertThat(gradient.is_sparse()).isTrue();
      Tensor expected = dense.next(gradient.to_dense(), table);
      assertThat(sparse.next(gradient, table).equal(expected)).isTrue();
    }
  }

  /** Rows go on by what they remember: of token 0, after the only step that it occurred in. */
  @ParameterizedTest
  @MethodSource("all")
  void aRowWithoutAGradientMovesByItsMemoryAlone(Direction direction) {
    Tensor table = Samples.gaussian(ScalarType.Double, 1, 3, 4, 1);
    ParameterUpdate updates = new ParameterUpdate(direction, 0.5, table);
    Tensor gradient = Samples.gaussian(ScalarType.Double, 2, 3, 4, 1);
    updates.next(gradient, table);
    gradient.select(0, 0).zero_();
    Tensor later = updates.next(gradient, table).select(0, 0);
    boolean averages =
        updates.state().tensors().keySet().stream()
            .anyMatch(name -> name.endsWith("mean") || name.endsWith("velocity"));
    assertThat(later.abs().max().item_double() > 0).isEqualTo(averages);
  }

  /** A token that occurred once does not move its row for ever. */
  @Test
  void scionOfTheColumnComesToRestWithoutGradients() {
    Tensor table = Samples.gaussian(ScalarType.Float, 1, 3, 4, 1);
    ParameterUpdate updates = new ParameterUpdate(Scion.column(0.1), 0.5, table);
    Tensor gradient = Samples.gaussian(ScalarType.Float, 2, 3, 4, 1).mul(new Scalar(1e-3));
    double first = updates.next(gradient, table).norm().item_double();
    gradient.zero_();
    double later = first;
    for (int step = 0; step < 400; step++) {
      later = updates.next(gradient, table).norm().item_double();
    }
    assertThat(first).isGreaterThan(1);
    assertThat(later).isLessThan(1e-6 * first);
  }

  @ParameterizedTest
  @MethodSource("all")
  void theStateOfAStackGoesThroughAListOfTensors(Direction direction) {
    Tensor weight = Samples.gaussian(ScalarType.Float, 1, 2, 6, 4);
    ParameterUpdate updates = new ParameterUpdate(direction, 0.5, weight);
    updates.next(Samples.gaussian(ScalarType.Float, 2, 2, 6, 4), weight);
    TensorVector tensors = new TensorVector();
    updates.state().tensors().values().forEach(tensors::push_back);
    for (int i = 0; i < tensors.size(); i++) {
      // What a file can hold: whole tensors of their own, not views.
      assertThat(tensors.get(i).is_contiguous()).isTrue();
    }
  }

  private static Tensor first(Direction direction, Tensor gradient, Tensor weight) {
    return new ParameterUpdate(direction, -1, weight).next(gradient, weight);
  }

  /** Its number is the exponent; the registry knows the usual one. */
  @ParameterizedTest
  @MethodSource("all")
  void itsRuleIsOneThatAPlanCanHave(Direction direction) {
    UpdateRule rule = direction.rule();
    if (rule instanceof ShampooRule shampoo && shampoo.exponent() != ShampooRule.USUAL_EXPONENT) {
      assertThat(rule.id()).isEqualTo("shampoo-" + shampoo.exponent());
    } else {
      assertThat(UpdateRules.named(rule.id())).isEqualTo(rule);
    }
  }
}
