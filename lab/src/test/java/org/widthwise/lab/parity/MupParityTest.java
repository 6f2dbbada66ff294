package org.widthwise.lab.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.EpsilonConvention;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.PlannedParameter;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.plan.Scale;
import org.widthwise.core.plan.WeightDecayConvention;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.optim.DecayForm;
import org.widthwise.torch.optim.Momentum;
import org.widthwise.torch.optim.OptimizerSettings;

/**
 * Training by a relative plan against microsoft/mup on the same weights and batches: a network four
 * times as wide as its base, by MuSGD, MuAdam and MuAdamW, with weight decay.
 *
 * <p>mup keeps a readout's weight V under the forward multiplier 1/m, where here it is W = V/m. In
 * three places mup does not carry its own rule over to V, and here these are set by hand ({@link
 * #asMup}): MuAdam's ε is that of V, so m times as large for W; MuAdam's coupled decay of V decays
 * W by m² in place of m; with {@code decoupled_wd}, V is decayed at its own rate, m times that of
 * W. A tied readout, an embedding for both programs, has none of these, nor has MuSGD.
 */
final class MupParityTest {

  /**
   * Fifty steps of sums in another order, each off by 1.1e-16, and what the network makes of it.
   */
  private static final double FLOAT64 = 1e-10;

  /**
   * As above with 6e-8. The largest difference between the other program's own two precisions is
   * 6e-7.
   */
  private static final double FLOAT32 = 5e-6;

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  static Stream<Curve> curves() {
    return Curve.all().filter(curve -> curve.optimizer().startsWith("mu_"));
  }

  @Test
  void theCurvesCoverEveryNetworkAndOptimizerAndLearnSomething() {
    assertThat(curves().map(curve -> curve.model() + " " + curve.optimizer()).distinct())
        .hasSize(9);
    assertThat(curves())
        .hasSize(15)
        .allSatisfy(
            curve -> {
              double[] losses = curve.losses(ScalarType.Double);
              assertThat(losses).hasSize(51);
              assertThat(losses[50]).isLessThan(0.95 * losses[0]);
            });
  }

  @ParameterizedTest
  @MethodSource("curves")
  void lossesAreThoseOfMup(Curve curve) {
    Plan plan = asMup(plan(curve), curve);
    assertThat(deviation(curve, plan, ScalarType.Double)).isLessThan(FLOAT64);
    assertThat(deviation(curve, plan, ScalarType.Float)).isLessThan(FLOAT32);
  }

  /** Without it the test above would say nothing about which plans mup's curves belong to. */
  @ParameterizedTest
  @MethodSource("curves")
  void thePlanOfTheBaseItselfHasOtherLosses(Curve curve) {
    ParityRun run = run(curve);
    Plan unscaled =
        recipe(curve)
            .planRelativeTo(run.parameters(ParityRun.WIDTH), run.parameters(ParityRun.WIDTH));
    assertThat(deviation(curve, unscaled, ScalarType.Double)).isGreaterThan(0.005);
  }

  private static double deviation(Curve curve, Plan plan, ScalarType precision) {
    double attention =
        recipe(curve)
            .attentionScaleRelativeTo(
                ParityRun.WIDTH / ParityRun.HEADS, ParityRun.BASE_WIDTH / ParityRun.HEADS);
    return curve.deviation(
        precision, run(curve).losses(plan, attention, settings(curve), precision));
  }

  private static ParityRun run(Curve curve) {
    return ParityRun.valueOf(curve.model().toUpperCase(Locale.ROOT));
  }

  private static Plan plan(Curve curve) {
    return run(curve).planRelativeToBase(recipe(curve));
  }

  private static Recipe recipe(Curve curve) {
    UpdateRule rule = curve.optimizer().equals("mu_sgd") ? UpdateRules.SGD : UpdateRules.ADAM;
    Recipe recipe =
        Recipe.of(Parametrizations.MUP, rule)
            .withLearningRate(curve.number("lr"))
            .withWeightDecay(
                curve.number("weight_decay"),
                curve.flag("decoupled_wd")
                    ? WeightDecayConvention.FIXED
                    : WeightDecayConvention.INDEPENDENT);
    return rule.equals(UpdateRules.SGD)
        ? recipe
        : recipe.withEpsilon(curve.number("eps")).withEpsilonConvention(EpsilonConvention.FIXED);
  }

  private static OptimizerSettings settings(Curve curve) {
    OptimizerSettings settings =
        OptimizerSettings.withDefaults()
            .withDecay(
                curve.optimizer().equals("mu_adamw") ? DecayForm.DECOUPLED : DecayForm.COUPLED);
    return curve.optimizer().equals("mu_sgd")
        ? settings.with(new Momentum(curve.number("momentum"), curve.flag("nesterov")))
        : settings;
  }

  /** The plan with mup's departures from its own rule, all of them at an untied readout. */
  private static Plan asMup(Plan plan, Curve curve) {
    if (curve.optimizer().equals("mu_sgd")) {
      return plan;
    }
    boolean decayed = curve.optimizer().equals("mu_adam") || curve.flag("decoupled_wd");
    List<PlannedParameter> rows =
        plan.parameters().stream()
            .map(
                row ->
                    List.of("layers.2.weight", "readout.weight").contains(row.name())
                        ? row.withScale(readoutOfMup(row.scale(), decayed))
                        : row)
            .toList();
    return Plan.of(plan.recipe(), rows);
  }

  private static Scale readoutOfMup(Scale scale, boolean decayed) {
    return new Scale(
        scale.initMean(),
        scale.initStd(),
        scale.learningRate(),
        scale.multiplier(),
        scale.branchMultiplier(),
        scale.weightDecay() * (decayed ? ParityRun.MULTIPLE : 1),
        OptionalDouble.of(scale.epsilon().orElseThrow() * ParityRun.MULTIPLE),
        scale.targetSpectralNorm());
  }
}
