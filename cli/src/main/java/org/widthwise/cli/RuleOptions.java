package org.widthwise.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.DepthScaling;
import org.widthwise.core.plan.EpsilonConvention;
import org.widthwise.core.plan.Prefactor;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.plan.WeightDecayConvention;
import org.widthwise.core.shape.ParameterGroup;
import org.widthwise.core.update.UpdateRules;
import picocli.CommandLine.Option;

/** The options that describe a recipe, all but the global learning rate. */
final class RuleOptions {

  @Option(
      names = {"--optimizer", "--rule"},
      paramLabel = "NAME",
      required = true,
      description =
          "the update rule: sgd, adam, adamw, rmsprop, lion, sign, adafactor, muon,"
              + " muon-keller-jordan, muon-adam-rms, muon-spectral, scion-spectral, scion-sign,"
              + " scion-column, shampoo, shampoo-spectral, soap, soap-spectral, spectral-descent,"
              + " frobenius-descent or frobenius-relative")
  private String optimizer;

  @Option(
      names = "--rest",
      paramLabel = "NAME,X",
      description =
          "another update rule, with its global learning rate, for all but the matrices and"
              + " convolutions between features, as in --optimizer muon --lr 0.05 --rest"
              + " adam,0.5")
  private @Nullable String rest;

  @Option(
      names = "--parametrization",
      paramLabel = "NAME",
      description =
          "spectral, mup, sp, ntp, or abc: and exponents of width for each layer, such as"
              + " 'abc:input=-1/2,1/2,0;hidden=0,1/2,0;readout=1/2,1/2,0' (default: spectral)")
  private String parametrization = "spectral";

  @Option(
      names = "--depth-scaling",
      paramLabel = "NAME",
      description =
          "of residual branches, by their number L: none, complete-p for 1/L, inverse-root for"
              + " 1/√L, or the exponent α of L^-α from 0 to 1 (default: none)")
  private String depthScaling = "none";

  @Option(
      names = "--gain",
      paramLabel = "X",
      description = "of the activation, on the init of matrices: 1.4142 for ReLU (default: 1)")
  private double gain = 1;

  @Option(
      names = "--weight-decay",
      paramLabel = "X",
      description = "global weight decay, beside the update as in AdamW (default: 0)")
  private double weightDecay;

  @Option(
      names = "--decay-convention",
      paramLabel = "NAME",
      description =
          "independent: rate times decay stays the same; fixed: the decay does; sqrt-fan-in: it"
              + " grows with the root of the fan-in (default: independent)")
  private String decayConvention = WeightDecayConvention.INDEPENDENT.id();

  @Option(names = "--epsilon", paramLabel = "X", description = "global ε (default: 1e-8)")
  private @Nullable Double epsilon;

  @Option(
      names = "--fixed-epsilon",
      description = "every parameter has the global ε, as in optimizers that know nothing of width")
  private boolean fixedEpsilon;

  @Option(
      names = "--prefactor",
      paramLabel = "GROUP=INIT,RATE",
      description =
          "multiplies init and rate of a group: input, hidden, readout, embedding, bias, gain or"
              + " scalar; may be repeated")
  private Map<ParameterGroup, String> prefactors = new LinkedHashMap<>();

  /** The name of the parametrization, in lower case. */
  String parametrization() {
    return parametrization.toLowerCase(Locale.ROOT);
  }

  /** The optimizer and parametrization in words. */
  String words() {
    return "%s%s, %s%s"
        .formatted(
            optimizer,
            rest == null ? "" : " and " + rest,
            parametrization,
            depthScaling.equals("none") ? "" : ", depth scaling " + depthScaling);
  }

  Recipe recipe(double learningRate) {
    Recipe recipe =
        Recipe.of(Parametrizations.named(parametrization), UpdateRules.named(optimizer))
            .withLearningRate(learningRate)
            .withGain(gain)
            .withWeightDecay(weightDecay, WeightDecayConvention.named(decayConvention))
            .withEpsilonConvention(
                fixedEpsilon ? EpsilonConvention.FIXED : EpsilonConvention.SCALED)
            .withDepthScaling(depth(depthScaling));
    recipe = epsilon == null ? recipe : recipe.withEpsilon(epsilon);
    recipe = rest == null ? recipe : withRest(recipe, rest);
    for (Map.Entry<ParameterGroup, String> entry : prefactors.entrySet()) {
      String what = "--prefactor takes GROUP=INIT,RATE, such as readout=8,1";
      double[] pair = numbers(what, entry.getValue(), entry.getValue().split(",", -1), 0);
      recipe = recipe.withPrefactor(entry.getKey(), new Prefactor(pair[0], pair[1]));
    }
    return recipe;
  }

  private static Recipe withRest(Recipe recipe, String text) {
    String what = "--rest takes an update rule and its learning rate, such as adam,0.5";
    String[] parts = text.split(",", -1);
    double rate = numbers(what, text, parts, 1)[1];
    return recipe.withUpdateRuleBesideHidden(UpdateRules.named(parts[0].trim()), rate);
  }

  /** The two parts of a pair, as numbers from the given one on. */
  private static double[] numbers(String what, String text, String[] parts, int from) {
    double[] numbers = new double[2];
    if (parts.length != 2) {
      throw new IllegalArgumentException("%s; '%s' is no such pair".formatted(what, text));
    }
    try {
      for (int i = from; i < 2; i++) {
        numbers[i] = Double.parseDouble(parts[i].trim());
      }
    } catch (NumberFormatException noNumber) {
      throw new IllegalArgumentException(
          "%s; '%s' is no such pair".formatted(what, text), noNumber);
    }
    return numbers;
  }

  private static DepthScaling depth(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "none" -> DepthScaling.NONE;
      case "complete-p" -> DepthScaling.COMPLETE_P;
      case "inverse-root" -> DepthScaling.INVERSE_ROOT;
      default -> {
        try {
          yield new DepthScaling(Double.parseDouble(text));
        } catch (NumberFormatException noNumber) {
          throw new IllegalArgumentException(
              "--depth-scaling: '%s' is none of none, complete-p, inverse-root, nor an exponent"
                  .formatted(text),
              noNumber);
        }
      }
    };
  }
}
