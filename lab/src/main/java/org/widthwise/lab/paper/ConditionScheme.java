package org.widthwise.lab.paper;

import java.util.List;
import org.widthwise.core.parametrization.Abc;
import org.widthwise.core.parametrization.Parametrization;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Prefactor;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.shape.ParameterGroup;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.plan.InitScheme;

/**
 * A way to scale initialisation and updates that the paper recommends or warns of.
 *
 * @param id its name in files
 * @param label its name in pictures
 * @param parametrization the exponents of width
 * @param rule the update rule
 * @param learningRate η, the same at all widths
 * @param init how matrices are drawn
 */
record ConditionScheme(
    String id,
    String label,
    Parametrization parametrization,
    UpdateRule rule,
    double learningRate,
    InitScheme init) {

  /**
   * The input layer's rate over the hidden layer's. The first layer's update moves h₂ too; so made
   * the smaller part, it does not hide how the hidden layer's own grows where its exponent is
   * larger.
   */
  static final double INPUT_RATE = 0.25;

  private static final double RATE = 0.2;
  private static final double NORMALISED_RATE = 0.03;
  private static final double RELATIVE_RATE = 0.01;

  /** Small enough for the narrowest networks to train, which the widest then cannot. */
  private static final double STANDARD_RATE = 0.02;

  /** What all others are held against. */
  static final ConditionScheme SPECTRAL =
      gaussian("spectral", "Parametrization 1", Parametrizations.SPECTRAL, UpdateRules.SGD, RATE);

  /**
   * The schemes of sections 4 and 5. Section 5.4 speaks of updates alone, so both forms start from
   * Parametrization 1; as published there is one rate for all layers, which with that
   * initialisation is an abc-parametrization.
   */
  static final List<ConditionScheme> ALL =
      List.of(
          SPECTRAL,
          gaussian("sp", "SP", Parametrizations.SP, UpdateRules.SGD, STANDARD_RATE),
          gaussian("ntp", "NTP", Parametrizations.NTP, UpdateRules.SGD, RATE),
          new ConditionScheme(
              "normalised",
              "eqs. 16, 17",
              Parametrizations.SPECTRAL,
              UpdateRules.SPECTRAL_DESCENT,
              NORMALISED_RATE,
              InitScheme.SPECTRALLY_NORMALIZED),
          gaussian(
              "frobenius",
              "eq. 17, Frobenius",
              Parametrizations.SPECTRAL,
              UpdateRules.FROBENIUS_DESCENT,
              NORMALISED_RATE),
          gaussian(
              "published",
              "5.4, published",
              new Abc(
                  "spectral-init-one-rate",
                  new Abc.Exponents(0, 0, 0),
                  new Abc.Exponents(0, 0.5, 0),
                  new Abc.Exponents(0, 1, 0)),
              UpdateRules.FROBENIUS_RELATIVE,
              RELATIVE_RATE),
          gaussian(
              "corrected",
              "5.4, corrected",
              Parametrizations.SPECTRAL,
              UpdateRules.FROBENIUS_RELATIVE,
              NORMALISED_RATE));

  private static ConditionScheme gaussian(
      String id, String label, Parametrization parametrization, UpdateRule rule, double rate) {
    return new ConditionScheme(id, label, parametrization, rule, rate, InitScheme.GAUSSIAN);
  }

  /** All but the initialisation's way of drawing. */
  Recipe recipe() {
    return Recipe.of(parametrization, rule)
        .withLearningRate(learningRate)
        .withGain(Math.sqrt(2))
        .withPrefactor(ParameterGroup.INPUT, Prefactor.ONE.withRate(INPUT_RATE));
  }

  /** Whether it is initialised otherwise than {@link #SPECTRAL}. */
  boolean hasOwnInit() {
    return equals(SPECTRAL)
        || init != SPECTRAL.init
        || !exponents().init().equals(SPECTRAL.exponents().init());
  }

  /** The exponents of width of the first step. */
  WidthExponents exponents() {
    return WidthExponents.of(recipe());
  }
}
