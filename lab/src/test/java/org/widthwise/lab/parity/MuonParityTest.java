package org.widthwise.lab.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.plan.Scale;
import org.widthwise.core.plan.WeightDecayConvention;
import org.widthwise.core.shape.ParameterGroup;
import org.widthwise.core.update.MuonScale;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.optim.Adam;
import org.widthwise.torch.optim.Muon;
import org.widthwise.torch.optim.OptimizerSettings;
import org.widthwise.torch.orthogonal.Orthogonalization;

/**
 * Training by a plan against the published Muon, {@code SingleDeviceMuonWithAuxAdam}, on the same
 * weights and batches: Muon for the matrices between features, Adam with decoupled decay for all
 * else. Standard parametrization leaves the rates as they are, and the published factor √max(1,
 * fan-out/fan-in) is part of the rule. A recipe has one ε; the published code has two, so that of
 * Muon is set by hand.
 */
final class MuonParityTest {

  /** Added to the norm of the momentum by the published code. */
  private static final double MUON_EPSILON = 1e-7;

  /** As in {@link MupParityTest}. */
  private static final double FLOAT64 = 1e-10;

  private static final double FLOAT32 = 5e-6;

  /**
   * The published code orthogonalises in bfloat16, whose roundings, 0.4 % each, depend on the order
   * of sums inside a product, which is libtorch's to choose. The other program's own curves in
   * bfloat16 and float32 are up to 2 % apart.
   */
  private static final double BFLOAT16 = 0.02;

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  static Stream<Curve> curves() {
    return Curve.all().filter(curve -> curve.optimizer().equals("muon"));
  }

  static Stream<Curve> curvesInBfloat16() {
    return Curve.all().filter(curve -> curve.optimizer().equals("muon_bfloat16"));
  }

  @ParameterizedTest
  @MethodSource("curves")
  void lossesAreThoseOfThePublishedMuon(Curve curve) {
    assertThat(curve.losses(ScalarType.Double)[50])
        .isLessThan(0.5 * curve.losses(ScalarType.Double)[0]);
    assertThat(deviation(curve, Orthogonalization.kellerJordan(), ScalarType.Double))
        .isLessThan(FLOAT64);
    assertThat(deviation(curve, Orthogonalization.kellerJordan(), ScalarType.Float))
        .isLessThan(FLOAT32);
  }

  @ParameterizedTest
  @MethodSource("curvesInBfloat16")
  void lossesInBfloat16AreThoseOfThePublishedMuonToItsRounding(Curve curve) {
    assertThat(deviation(curve, Orthogonalization.kellerJordan().inBfloat16(), ScalarType.Float))
        .isLessThan(BFLOAT16);
  }

  private static double deviation(Curve curve, Orthogonalization way, ScalarType precision) {
    ParityRun run = ParityRun.valueOf(curve.model().toUpperCase(Locale.ROOT));
    Recipe recipe =
        Recipe.of(Parametrizations.SP, UpdateRules.MUON_KELLER_JORDAN)
            .withLearningRate(curve.number("lr"))
            .withUpdateRuleBesideHidden(UpdateRules.ADAM, curve.number("adam_lr"))
            .withWeightDecay(curve.number("weight_decay"), WeightDecayConvention.FIXED)
            .withEpsilon(curve.number("eps"));
    Plan plan = recipe.plan(run.parameters(ParityRun.WIDTH));
    List<PlannedParameter> rows =
        plan.parameters().stream()
            .map(
                row ->
                    row.shape().group() == ParameterGroup.HIDDEN
                        ? row.withScale(withEpsilon(row.scale(), MUON_EPSILON))
                        : row)
            .toList();
    OptimizerSettings settings =
        OptimizerSettings.withDefaults()
            .with(
                Muon.withDefaults()
                    .withScale(MuonScale.KELLER_JORDAN)
                    .withMomentum(curve.number("momentum"), true)
                    .withOrthogonalization(way))
            .with(new Adam(0.9, 0.95, curve.number("eps")));
    // The scale of attention that the fixtures have at both widths.
    double attention =
        Parametrizations.MUP.attentionScale(ParityRun.WIDTH / ParityRun.HEADS)
            * Math.sqrt((double) ParityRun.BASE_WIDTH / ParityRun.HEADS);
    return curve.deviation(
        precision, run.losses(Plan.of(recipe, rows), attention, settings, precision));
  }

  private static Scale withEpsilon(Scale scale, double epsilon) {
    return new Scale(
        scale.initMean(),
        scale.initStd(),
        scale.learningRate(),
        scale.multiplier(),
        scale.branchMultiplier(),
        scale.weightDecay(),
        OptionalDouble.of(epsilon),
        scale.targetSpectralNorm());
  }
}
