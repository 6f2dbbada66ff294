package org.widthwise.sweep.definition;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Prefactor;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.plan.WeightDecayConvention;
import org.widthwise.core.shape.ParameterGroup;
import org.widthwise.core.update.UpdateRule;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.lab.run.Json;
import org.widthwise.torch.optim.Direction;
import org.widthwise.torch.optim.Directions;
import org.widthwise.torch.optim.Momentum;
import org.widthwise.torch.optim.Muon;
import org.widthwise.torch.optim.OptimizerSettings;

/**
 * What one trial of a sweep has for itself, but its seed.
 *
 * @param width of the network
 * @param parametrization its name
 * @param optimizer the update rule's name
 * @param rest another update rule's name for all but hidden matrices; null for none
 * @param restRate the global learning rate of the rest; 0 for none
 * @param learningRate the global learning rate
 * @param gain of the activation, on the init of matrices
 * @param weightDecay the global weight decay
 * @param momentum of the optimizer; NaN for its default
 * @param inits prefactors of init by group; those that are 1 are left out
 * @param rates prefactors of rate by group; those that are 1 are left out
 */
public record TrialConfiguration(
    int width,
    String parametrization,
    String optimizer,
    @Nullable String rest,
    double restRate,
    double learningRate,
    double gain,
    double weightDecay,
    double momentum,
    Map<String, Double> inits,
    Map<String, Double> rates) {

  /**
   * Puts the prefactors in order.
   *
   * @param width of the network
   * @param parametrization its name
   * @param optimizer the update rule's name
   * @param rest another update rule's name; null for none
   * @param restRate the global learning rate of the rest
   * @param learningRate the global learning rate
   * @param gain of the activation
   * @param weightDecay the global weight decay
   * @param momentum of the optimizer; NaN for its default
   * @param inits prefactors of init by group
   * @param rates prefactors of rate by group
   */
  public TrialConfiguration {
    inits = new TreeMap<>(inits);
    rates = new TreeMap<>(rates);
  }

  /**
   * The same at another width and rate.
   *
   * @param newWidth the width
   * @param newRate the global learning rate
   * @return a configuration of the same {@link #series()}
   */
  public TrialConfiguration at(int newWidth, double newRate) {
    return new TrialConfiguration(
        newWidth,
        parametrization,
        optimizer,
        rest,
        restRate,
        newRate,
        gain,
        weightDecay,
        momentum,
        inits,
        rates);
  }

  /**
   * The same with other prefactors.
   *
   * @param newInits prefactors of init by group
   * @param newRates prefactors of rate by group
   * @return the configuration
   */
  public TrialConfiguration withPrefactors(
      Map<String, Double> newInits, Map<String, Double> newRates) {
    return new TrialConfiguration(
        width,
        parametrization,
        optimizer,
        rest,
        restRate,
        learningRate,
        gain,
        weightDecay,
        momentum,
        newInits,
        newRates);
  }

  /**
   * Reads what {@link #json()} wrote.
   *
   * @param json the text
   * @return the configuration
   * @throws IllegalArgumentException if it is none
   */
  public static TrialConfiguration of(String json) {
    try {
      return Json.read(json, TrialConfiguration.class);
    } catch (JsonProcessingException malformed) {
      throw new IllegalArgumentException(
          "a stored trial is damaged: " + malformed.getOriginalMessage(), malformed);
    }
  }

  /**
   * The configuration in canonical form: equal configurations give equal texts.
   *
   * @return JSON on one line
   */
  public String json() {
    JsonNode tree = Json.tree(this);
    return tree.toString();
  }

  /**
   * What the configuration is called where width and rate vary: parametrization, optimizer, and
   * whatever else is not neutral.
   *
   * @return words
   */
  public String series() {
    StringJoiner words = new StringJoiner(", ");
    words.add(parametrization);
    words.add(rest == null ? optimizer : "%s with %s at %s".formatted(optimizer, rest, restRate));
    if (!Double.isNaN(momentum)) {
      words.add("momentum " + momentum);
    }
    if (gain != 1) {
      words.add("gain " + shortened(gain));
    }
    if (weightDecay != 0) {
      words.add("decay " + shortened(weightDecay));
    }
    inits.forEach((group, factor) -> words.add("%s init × %s".formatted(group, shortened(factor))));
    rates.forEach((group, factor) -> words.add("%s rate × %s".formatted(group, shortened(factor))));
    return words.toString();
  }

  private static String shortened(double number) {
    String text = String.format(Locale.ROOT, "%.4g", number);
    return text.contains("e") ? text : text.replaceAll("\\.?0+$", "");
  }

  /**
   * The recipe of the trial.
   *
   * @param convention how weight decay is carried over
   * @return the recipe
   * @throws IllegalArgumentException if a name is unknown or a number out of its range
   */
  public Recipe recipe(WeightDecayConvention convention) {
    Recipe recipe =
        Recipe.of(Parametrizations.named(parametrization), UpdateRules.named(optimizer))
            .withLearningRate(learningRate)
            .withGain(gain)
            .withWeightDecay(weightDecay, convention);
    if (rest != null) {
      recipe = recipe.withUpdateRuleBesideHidden(UpdateRules.named(rest), restRate);
    }
    for (ParameterGroup group : ParameterGroup.values()) {
      Prefactor usual = recipe.prefactor(group);
      recipe =
          recipe.withPrefactor(
              group,
              new Prefactor(
                  inits.getOrDefault(group.id(), usual.init()),
                  rates.getOrDefault(group.id(), usual.rate())));
    }
    return recipe;
  }

  /**
   * The optimizer's settings.
   *
   * @return with the momentum, where there is one
   * @throws IllegalArgumentException if the optimizer has no momentum to set
   */
  public OptimizerSettings optimizerSettings() {
    OptimizerSettings settings = OptimizerSettings.withDefaults();
    return Double.isNaN(momentum)
        ? settings
        : settings.with(withMomentum(UpdateRules.named(optimizer), momentum));
  }

  private static Direction withMomentum(UpdateRule rule, double momentum) {
    if (rule.equals(UpdateRules.SGD)) {
      return new Momentum(momentum, false);
    }
    if (Directions.named(rule.id()) instanceof Muon muon) {
      return muon.withMomentum(momentum, muon.nesterov());
    }
    throw new IllegalArgumentException(
        "momenta: they can be set for sgd and muon, not for " + rule.id());
  }
}
