package org.widthwise.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.plan.WeightDecayConvention;
import org.widthwise.core.update.UpdateRules;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that describe a recipe, for commands that train. */
final class RecipeOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      required = true,
      description = "the update rule, such as sgd, adam or muon; an unknown one lists the known")
  private String optimizer;

  @Option(
      names = "--rest",
      paramLabel = "NAME,X",
      description =
          "another update rule, with its global learning rate, for all but the matrices and"
              + " convolutions between features, as in --optimizer muon --lr 0.02 --rest"
              + " adam,0.003")
  private @Nullable String rest;

  @Option(
      names = "--parametrization",
      paramLabel = "NAME",
      description = "spectral, mup, sp, ntp or abc:…, as of 'widthwise plan' (default: spectral)")
  private String parametrization = "spectral";

  @Option(
      names = "--lr",
      paramLabel = "X",
      required = true,
      description = "global learning rate, which the plan turns into one for each parameter")
  private double learningRate;

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
      description = "as of 'widthwise plan': independent, fixed, … (default: independent)")
  private String decayConvention = WeightDecayConvention.INDEPENDENT.id();

  /** The name of the parametrization, in lower case. */
  String parametrization() {
    return parametrization.toLowerCase(Locale.ROOT);
  }

  Recipe recipe() {
    Recipe recipe =
        Recipe.of(Parametrizations.named(parametrization), UpdateRules.named(optimizer))
            .withLearningRate(learningRate)
            .withGain(gain)
            .withWeightDecay(weightDecay, WeightDecayConvention.named(decayConvention));
    return rest == null ? recipe : withRest(recipe, rest);
  }

  private Recipe withRest(Recipe recipe, String text) {
    String[] parts = text.split(",", -1);
    if (parts.length == 2) {
      try {
        double rate = Double.parseDouble(parts[1].trim());
        return recipe.withUpdateRuleBesideHidden(UpdateRules.named(parts[0].trim()), rate);
      } catch (NumberFormatException noNumber) {
        throw malformed(text);
      }
    }
    throw malformed(text);
  }

  private ParameterException malformed(String text) {
    return new ParameterException(
        spec.commandLine(),
        "--rest takes an update rule and its learning rate, such as adam,0.003; '%s' is no such pair"
            .formatted(text));
  }

  /** The optimizer and parametrization in words. */
  String words() {
    return "%s%s, %s".formatted(optimizer, rest == null ? "" : " and " + rest, parametrization);
  }
}
