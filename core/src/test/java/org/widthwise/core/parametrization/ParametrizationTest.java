package org.widthwise.core.parametrization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.widthwise.core.parametrization.Parametrizations.MUP;
import static org.widthwise.core.parametrization.Parametrizations.NTP;
import static org.widthwise.core.parametrization.Parametrizations.SP;
import static org.widthwise.core.parametrization.Parametrizations.SPECTRAL;
import static org.widthwise.core.shape.ParameterShape.bias;
import static org.widthwise.core.shape.ParameterShape.embedding;
import static org.widthwise.core.shape.ParameterShape.matrix;

import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.core.norm.MatrixKind;
import org.widthwise.core.norm.NormTable;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.plan.Scale;
import org.widthwise.core.plan.WeightDecayConvention;
import org.widthwise.core.shape.Fans;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.shape.Role;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;

class ParametrizationTest {

  private static final Percentage ROUNDING = Percentage.withPercentage(1e-10);

  /** Section 5.1: put n₀ = n_L = 1 in Parametrization 1 and μP's table 3 comes out. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 64, 4096})
  void parametrization1WithInputAndOutputOfDimension1IsMup(long n) {
    List<ParameterShape> network =
        List.of(
            matrix(Layer.INPUT, n, 1),
            bias(Layer.INPUT, n),
            matrix(Layer.HIDDEN, n, n),
            bias(Layer.HIDDEN, n),
            embedding(50_000, n),
            ParameterShape.of(Role.GAIN, Layer.HIDDEN, n),
            matrix(Layer.READOUT, 1, n),
            bias(Layer.READOUT, 1));
    for (ParameterShape shape : network) {
      assertThat(SPECTRAL.initStd(shape)).as("%s", shape).isCloseTo(MUP.initStd(shape), ROUNDING);
      for (UpdateRule rule : UpdateRules.all()) {
        assertThat(SPECTRAL.learningRate(shape, rule))
            .as("%s under %s", shape, rule.id())
            .isCloseTo(MUP.learningRate(shape, rule), ROUNDING);
        assertThat(SPECTRAL.epsilon(shape, rule)).isCloseTo(MUP.epsilon(shape, rule), ROUNDING);
      }
    }
  }

  /** The entries of Tensor Programs V, table 3, as printed there. */
  @Test
  void mupIsTable3() {
    long n = 512;
    ParameterShape input = matrix(Layer.INPUT, n, 3072);
    ParameterShape hidden = matrix(Layer.HIDDEN, n, n);
    ParameterShape output = matrix(Layer.READOUT, 10, n);
    assertThat(MUP.initStd(input)).isCloseTo(1 / Math.sqrt(3072), ROUNDING);
    assertThat(MUP.initStd(hidden)).isCloseTo(1 / Math.sqrt((double) n), ROUNDING);
    assertThat(MUP.initStd(output)).isCloseTo(1.0 / n, ROUNDING);
    assertThat(MUP.learningRate(input, UpdateRules.SGD)).isCloseTo((double) n, ROUNDING);
    assertThat(MUP.learningRate(bias(Layer.HIDDEN, n), UpdateRules.SGD))
        .isCloseTo((double) n, ROUNDING);
    assertThat(MUP.learningRate(hidden, UpdateRules.SGD)).isCloseTo(1, ROUNDING);
    assertThat(MUP.learningRate(output, UpdateRules.SGD)).isCloseTo(1.0 / n, ROUNDING);
    assertThat(MUP.learningRate(bias(Layer.READOUT, 10), UpdateRules.SGD)).isEqualTo(1);
    assertThat(MUP.learningRate(input, UpdateRules.ADAM)).isCloseTo(1, ROUNDING);
    assertThat(MUP.learningRate(bias(Layer.HIDDEN, n), UpdateRules.ADAM)).isCloseTo(1, ROUNDING);
    assertThat(MUP.learningRate(hidden, UpdateRules.ADAM)).isCloseTo(1.0 / n, ROUNDING);
    assertThat(MUP.learningRate(output, UpdateRules.ADAM)).isCloseTo(1.0 / n, ROUNDING);
  }

  /** Each rate of Parametrization 1 in closed form, on a wide and a tall matrix. */
  @ParameterizedTest
  @CsvSource({"64,1024", "1024,64", "1,300", "300,1"})
  void ratesOfTheSpectralParametrization(long out, long in) {
    ParameterShape shape = matrix(Layer.HIDDEN, out, in);
    double aspect = (double) out / in;
    assertThat(SPECTRAL.learningRate(shape, UpdateRules.SGD)).isCloseTo(aspect, ROUNDING);
    for (String entrywise : List.of("adam", "adamw", "rmsprop", "lion", "sign")) {
      assertThat(SPECTRAL.learningRate(shape, UpdateRules.named(entrywise)))
          .isCloseTo(1.0 / in, ROUNDING);
    }
    for (String normalized : List.of("muon", "spectral-descent", "frobenius-descent")) {
      assertThat(SPECTRAL.learningRate(shape, UpdateRules.named(normalized)))
          .isCloseTo(Math.sqrt(aspect), ROUNDING);
    }
    assertThat(SPECTRAL.learningRate(shape, UpdateRules.FROBENIUS_RELATIVE))
        .isCloseTo(1 / Math.sqrt((double) Math.min(out, in)), ROUNDING);
    assertThat(SPECTRAL.epsilon(shape, UpdateRules.ADAM)).isCloseTo(1.0 / out, ROUNDING);
    assertThat(SPECTRAL.epsilon(shape, UpdateRules.MUON))
        .isCloseTo(1 / Math.sqrt(aspect), ROUNDING);
  }

  /** σ(√n_in + √n_out) lies between the target and twice the target, whatever the shape. */
  @ParameterizedTest
  @CsvSource({"64,1024", "1024,64", "1,300", "300,1", "512,512", "1,1"})
  void gaussianInitHasTheTargetNormWithinTwo(long out, long in) {
    ParameterShape shape = matrix(Layer.HIDDEN, out, in);
    double predicted = SPECTRAL.initStd(shape) * (Math.sqrt((double) out) + Math.sqrt((double) in));
    assertThat(predicted / Math.sqrt((double) out / in)).isBetween(1.0, 2.0);
  }

  @Test
  void standardAndNeuralTangent() {
    ParameterShape shape = matrix(Layer.HIDDEN, 256, 1024);
    assertThat(SP.initStd(shape)).isEqualTo(1.0 / 32);
    assertThat(NTP.initStd(shape)).isEqualTo(1.0 / 32);
    assertThat(SP.learningRate(shape, UpdateRules.SGD)).isEqualTo(1);
    assertThat(NTP.learningRate(shape, UpdateRules.SGD)).isCloseTo(1.0 / 1024, ROUNDING);
    assertThat(NTP.learningRate(shape, UpdateRules.ADAM)).isCloseTo(1.0 / 32, ROUNDING);
    assertThat(NTP.learningRate(shape, UpdateRules.FROBENIUS_RELATIVE)).isEqualTo(1);
  }

  /** Tensor Programs IV: μP's exponents under gradient descent, and Adam's. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sgd | abc:input=-1/2,1/2,0;hidden=0,1/2,0;readout=1/2,1/2,0",
        "adam | abc:input=-1/2,1/2,1/2;hidden=0,1/2,1;readout=0.5,.5,0.5"
      })
  void mupAsAbcParametrization(String optimizer, String abc) {
    UpdateRule rule = UpdateRules.named(optimizer);
    Recipe written =
        Recipe.of(Parametrizations.named(abc), rule)
            .withWeightDecay(0.01, WeightDecayConvention.INDEPENDENT);
    Recipe mup = Recipe.of(MUP, rule).withWeightDecay(0.01, WeightDecayConvention.INDEPENDENT);
    long n = 128;
    for (ParameterShape shape :
        List.of(
            matrix(Layer.INPUT, n, 3072),
            matrix(Layer.HIDDEN, n, n),
            matrix(Layer.READOUT, 10, n),
            bias(Layer.HIDDEN, n),
            bias(Layer.READOUT, 10),
            embedding(1000, n))) {
      Scale folded = written.scale(shape).folded(rule);
      Scale direct = mup.scale(shape);
      assertThat(folded.initStd()).as("%s", shape).isCloseTo(direct.initStd(), ROUNDING);
      assertThat(folded.learningRate()).as("%s", shape).isCloseTo(direct.learningRate(), ROUNDING);
      assertThat(folded.weightDecay()).as("%s", shape).isCloseTo(direct.weightDecay(), ROUNDING);
    }
  }

  @Test
  void ntpAsAbcParametrization() {
    Parametrization abc = Parametrizations.named("abc:input=0,0,0;hidden=1/2,0,0;readout=1/2,0,0");
    for (ParameterShape shape :
        List.of(matrix(Layer.HIDDEN, 64, 64), matrix(Layer.READOUT, 1, 64))) {
      for (UpdateRule rule : UpdateRules.all()) {
        Scale folded = Recipe.of(abc, rule).scale(shape).folded(rule);
        Scale direct = Recipe.of(NTP, rule).scale(shape);
        assertThat(folded.initStd()).isCloseTo(direct.initStd(), ROUNDING);
        assertThat(folded.learningRate())
            .as("%s under %s", shape, rule.id())
            .isCloseTo(direct.learningRate(), ROUNDING);
      }
    }
  }

  @Test
  void aConvolutionIsAMapBetweenChannels() {
    ParameterShape convolution = ParameterShape.of(Role.CONVOLUTION, Layer.HIDDEN, 64, 32, 3, 3);
    ParameterShape slice = matrix(Layer.HIDDEN, 64, 32);
    for (Parametrization parametrization : Parametrizations.all()) {
      assertThat(parametrization.initStd(convolution))
          .isCloseTo(parametrization.initStd(slice) / 3, ROUNDING);
      for (UpdateRule rule : UpdateRules.all()) {
        assertThat(parametrization.learningRate(convolution, rule))
            .isEqualTo(parametrization.learningRate(slice, rule));
      }
    }
  }

  @Test
  void anEmbeddingDoesNotSeeItsVocabulary() {
    for (Parametrization parametrization : List.of(SPECTRAL, MUP, SP)) {
      assertThat(parametrization.initStd(embedding(50_000, 64))).isEqualTo(1);
    }
    assertThat(SPECTRAL.learningRate(embedding(50_000, 64), UpdateRules.SGD))
        .isCloseTo(64, ROUNDING);
    assertThat(SPECTRAL.learningRate(embedding(50_000, 64), UpdateRules.ADAM))
        .isCloseTo(1, ROUNDING);
  }

  /** Table 1, every cell. */
  @Test
  void table1() {
    double n = 400;
    var square = matrix(Layer.HIDDEN, 400, 400).fans();
    var row = matrix(Layer.READOUT, 1, 400).fans();
    assertCells(square, MatrixKind.INITIAL_WEIGHTS, n, 1, Math.sqrt(n), Math.sqrt(1 / n));
    assertCells(square, MatrixKind.UPDATE, 1, 1, 1, 1 / n);
    assertCells(row, MatrixKind.INITIAL_WEIGHTS, 1, Math.sqrt(1 / n), Math.sqrt(1 / n), 1 / n);
    assertCells(row, MatrixKind.UPDATE, 1, Math.sqrt(1 / n), Math.sqrt(1 / n), 1 / n);
    for (long[] shape : new long[][] {{300, 1200}, {1200, 300}}) {
      double ratio = (double) shape[0] / shape[1];
      double entries = (double) shape[0] * shape[1];
      var fans = matrix(Layer.HIDDEN, shape[0], shape[1]).fans();
      assertCells(
          fans,
          MatrixKind.INITIAL_WEIGHTS,
          300,
          Math.sqrt(ratio),
          Math.sqrt(300 * ratio),
          Math.sqrt(300 / entries * ratio));
      assertCells(
          fans,
          MatrixKind.UPDATE,
          1,
          Math.sqrt(ratio),
          Math.sqrt(ratio),
          Math.sqrt(1 / entries * ratio));
    }
  }

  private static void assertCells(
      Fans fans,
      MatrixKind kind,
      double stableRank,
      double spectral,
      double frobenius,
      double rms) {
    var norms = NormTable.of(fans, kind);
    assertThat(norms.stableRank()).isCloseTo(stableRank, ROUNDING);
    assertThat(norms.spectral()).isCloseTo(spectral, ROUNDING);
    assertThat(norms.frobenius()).isCloseTo(frobenius, ROUNDING);
    assertThat(norms.rmsEntry()).isCloseTo(rms, ROUNDING);
    assertThat(norms.naturalSpectralNorm()).isCloseTo(1, within(1e-12));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "abc:",
        "abc:input=0,0,0",
        "abc:input=0,0,0;hidden=0,0,0;readout=0,0",
        "abc:input=0,0,0;hidden=0,0,0;hidden=0,0,0",
        "abc:input=a,0,0;hidden=0,0,0;readout=0,0,0",
        "abc:input=0,0,0;hidden=0,0,0;readout=0,0,0;",
      })
  void malformedExponentsAreRefused(String text) {
    assertThatThrownBy(() -> Parametrizations.named(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("exponents a, b, c of each layer");
  }

  @Test
  void exponentsAreFinite() {
    assertThatThrownBy(() -> Parametrizations.named("abc:input=1/0,0,0;hidden=0,0,0;readout=0,0,0"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'1/0'");
  }

  /** The width of a hidden weight is its fan-in, were that 1: nothing then to take a power of. */
  @Test
  void theWidthOfAHiddenWeightIsItsFanIn() {
    Parametrization abc = Parametrizations.named("abc:input=0,0,0;hidden=1,1,1;readout=0,0,0");
    for (long fanIn : new long[] {1, 8}) {
      ParameterShape shape = matrix(Layer.HIDDEN, 100, fanIn);
      assertThat(abc.multiplier(shape)).isCloseTo(1.0 / fanIn, ROUNDING);
      assertThat(abc.initStd(shape)).isCloseTo(1.0 / fanIn, ROUNDING);
      assertThat(abc.learningRate(shape, UpdateRules.SGD)).isCloseTo(1.0 / fanIn, ROUNDING);
    }
  }

  @Test
  void unknownNamesListTheKnown() {
    assertThatThrownBy(() -> Parametrizations.named("mupp"))
        .hasMessage("unknown parametrization 'mupp': known are spectral, mup, sp, ntp");
    assertThatThrownBy(() -> UpdateRules.named("adan"))
        .hasMessageContaining("unknown optimizer 'adan'")
        .hasMessageContaining("adamw");
    assertThat(Parametrizations.named("MuP")).isSameAs(MUP);
  }
}
